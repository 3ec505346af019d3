"""The library of videos against plain Python: figures on random histories, filters, sorting, paging, isolation."""

from dataclasses import replace
from datetime import timedelta
from itertools import cycle, product
from typing import get_args
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.students.lists import PAGE_LIMIT, SEARCH_LIMIT, SortOrder
from queries.videos.library import library, video_to_edit, videos_in_order, videos_standing_out
from queries.videos.lists import Band, SortBy, Status, VideoFilters, videos
from queries.videos.one_video import completion_band
from tests import oracle, watching_oracle
from tests.builders import (
    NOW,
    a_creator,
    a_progress,
    a_quiz,
    a_segment,
    a_student,
    a_video,
    a_watch,
    histories,
    refreshed,
)
from tests.queries.comparing import assert_same_rows, rows_of

pytestmark = pytest.mark.usefixtures("shared_database")

ALL = VideoFilters(limit=PAGE_LIMIT)
INSTANT = timedelta(microseconds=1)
WEEK = timedelta(hours=168)
HALF_AN_HOUR = timedelta(minutes=30)
COLUMNS = ("title", "status", "category", "tags", "difficulty_level", "duration_seconds", "position", "created_at")
BAND_WORDS = {
    "may be too long or too difficult": "too-long",
    "average completion": "average",
    "high completion": "high-quality",
    "too few viewers to tell": "too-few",
}
SORT_KEYS = {
    "position": "position",
    "title": "title",
    "completion": "completion_rate_percent",
    "watched": "avg_watched_percent",
    "dropOff": "avg_drop_off_percent",
    "viewers": "unique_viewers",
    "views": "views",
    "recent": "views_7d",
    "newest": "created_at",
}


def expected_videos(creator_id, now=NOW):
    """Every live video with its figures in plain Python, in the order of the course."""
    source = oracle.source(creator_id)
    figures = {row["video_id"]: row for row in watching_oracle.video_analytics(source, now)}
    ordered = sorted(source.videos, key=lambda video: (video["position"], video["created_at"], video["id"]))
    return [expected_row(source, video, figures[video["id"]], now) for video in ordered]


def expected_row(source, video, figures, now):
    viewers = figures["unique_viewers"]
    rate = figures["completion_rate"] if viewers >= 5 else None
    return {
        "video_id": video["id"],
        **{column: video[column] for column in COLUMNS},
        "duration_seconds": watching_oracle.length_of(
            source, video, watching_oracle.edition_at(source, video["id"], now), now
        ),
        "views": figures["total_views"],
        "unique_viewers": viewers,
        "completions": figures["completions"],
        "completion_rate_percent": rate,
        "avg_watched_percent": figures["avg_watch_percentage"],
        "avg_drop_off_percent": figures["avg_drop_off_percentage"],
        "band": BAND_WORDS[completion_band(rate, viewers)],
        "views_7d": recent_views(source, video["id"], now),
    }


def recent_views(source, video_id, now):
    """Views that began in the last 168 hours; who never sent playback has one, at the first start."""
    began = [row["began_at"] for row in watching_oracle.views(source, now) if row["video_id"] == video_id]
    return sum(now - WEEK <= at <= now for at in began)


def listed(frame):
    """The frame's rows with plain values; lists compare as lists."""
    return frame.assign(tags=[",".join(tags) for tags in frame["tags"]])


def as_listed(rows):
    return [row | {"tags": ",".join(row["tags"])} for row in rows]


@given(histories(until=NOW))
def test_every_figure_equals_plain_python(history):
    creator = refreshed(history)

    found = videos.fresh(creator.id, ALL)

    assert found.total == len(found.videos)
    assert_same_rows(listed(found.videos), as_listed(expected_videos(creator.id)))


@given(histories(until=NOW + timedelta(days=3)))
def test_playback_after_now_is_no_view_of_the_last_days(history):
    creator = refreshed(history)

    found = videos.fresh(creator.id, ALL).videos

    assert found.views_7d.tolist() == [row["views_7d"] for row in expected_videos(creator.id)]


@pytest.mark.parametrize(("ago", "views"), [(WEEK + INSTANT, 0), (WEEK, 1), (timedelta(0), 1), (-INSTANT, 0)], ids=str)
@pytest.mark.parametrize("has_playback", [True, False])
def test_a_view_counts_for_168_hours_from_its_beginning(ago, views, has_playback):
    row = a_watch(at=NOW - ago) if has_playback else a_progress(at=NOW - ago)
    creator = a_creator(row)

    assert videos.fresh(creator.id, ALL).videos.views_7d.tolist() == [views]


@pytest.mark.parametrize(("gap", "views"), [(HALF_AN_HOUR, 0), (HALF_AN_HOUR + INSTANT, 1)], ids=str)
def test_a_view_that_began_before_the_week_is_not_one_of_it(gap, views):
    edge = NOW - WEEK
    creator = a_creator(a_watch(at=edge - gap, seconds=0), a_segment(at=edge))

    assert videos.fresh(creator.id, ALL).videos.views_7d.tolist() == [views]


def test_a_first_start_is_no_view_where_there_is_playback():
    creator = a_creator(a_progress(first_days_ago=2, days_ago=1), a_segment(days_ago=20))

    assert videos.fresh(creator.id, ALL).videos.views_7d.tolist() == [0]


def test_a_student_who_left_has_no_view():
    gone, played, started = a_student(deleted_days_ago=1), a_video("Loops"), a_video("Lists")
    creator = a_creator(
        [gone, played, started], a_watch(gone, played, days_ago=2), a_progress(gone, started, days_ago=2)
    )

    assert videos.fresh(creator.id, ALL).videos.views_7d.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("completed", "viewers", "band"),
    [
        (0, 0, "too-few"),
        (0, 4, "too-few"),
        (1, 5, "too-long"),
        (29, 100, "too-long"),
        (30, 100, "average"),
        (60, 100, "average"),
        (61, 100, "high-quality"),
        (5, 5, "high-quality"),
    ],
)
def test_the_bands_of_the_guide(completed, viewers, band):
    students = [a_student(f"S {number}") for number in range(viewers)]
    video = a_video()
    creator = a_creator(
        students, video, [a_progress(one, video, completed=place < completed) for place, one in enumerate(students)]
    )

    assert videos.fresh(creator.id, ALL).videos.band.tolist() == [band]
    assert videos.fresh(creator.id, VideoFilters(band=band)).total == 1
    assert sum(videos.fresh(creator.id, VideoFilters(band=other)).total for other in get_args(Band)) == 1


@pytest.fixture(scope="module")
def shelf(shared_database):
    """Forty videos of every status, category and band, with many ties; and a deleted one."""
    students = [a_student(f"Student {number}") for number in range(8)]
    categories, statuses = (
        cycle(("Basics", "100 % work", None)),
        cycle(("completed", "completed", "failed", "uploaded")),
    )
    tags, rows = cycle((["py", "x_y"], [], ["Back\\slash"])), [students, a_video("Gone", deleted_days_ago=1)]
    for number in range(40):
        video = a_video(
            f"{'abcAé'[number % 5]} part {number // 2}",
            position=number // 3,
            category=next(categories),
            status=next(statuses),
            tags=next(tags),
            created_days_ago=60 - number // 4,
        )
        rows.append(video)
        for place, one in enumerate(students[: number % 9]):
            share = None if number % 4 == 0 else 100 - 10 * place
            rows.append(
                a_progress(one, video, days_ago=place * 3, completed=place < number % 7, watch_percentage=share)
            )
    return a_creator(rows)


@pytest.fixture(scope="module")
def everything(shelf):
    return expected_videos(shelf.id)


def fits(row, filters):
    search = filters.search.strip()[:SEARCH_LIMIT].lower()
    texts = [row["title"], row["category"] or "", *row["tags"]]
    return (
        filters.status in ("all", row["status"])
        and filters.category in (None, row["category"])
        and filters.band in (None, row["band"])
        and any(search in text.lower() for text in texts)
    )


def in_order(rows, filters):
    """Sorted; equal ones in the order of the course, those without a value last."""
    column = SORT_KEYS[filters.sort_by]
    known = [row for row in rows if row[column] is not None]
    unknown = [row for row in rows if row[column] is None]

    def value(row):
        return row[column].lower() if column == "title" else row[column]

    # `reverse` keeps the order of equal rows.
    return sorted(known, key=value, reverse=filters.sort_order == "desc") + unknown


filters_of_all_kinds = st.builds(
    VideoFilters,
    status=st.sampled_from(get_args(Status)),
    category=st.none() | st.sampled_from(["Basics", "100 % work", "Nothing here"]),
    band=st.none() | st.sampled_from(get_args(Band)),
    search=st.just("") | st.text(alphabet="apAé%_\\'1 ", max_size=3),
    sort_by=st.sampled_from(get_args(SortBy)),
    sort_order=st.sampled_from(get_args(SortOrder)),
    limit=st.integers(1, 50),
    offset=st.integers(0, 45),
)


def test_the_shelf_has_every_kind_of_video(everything):
    assert {row["band"] for row in everything} == set(get_args(Band))
    assert {row["views_7d"] for row in everything} >= {0, 1, 2, 3}
    assert any(row["avg_watched_percent"] is None and row["unique_viewers"] for row in everything)


@given(filters=filters_of_all_kinds)
def test_any_filters_order_and_page_equal_plain_python(shelf, everything, filters):
    page = videos.fresh(shelf.id, filters)

    fitting = in_order([row for row in everything if fits(row, filters)], filters)
    wanted = fitting[filters.offset : filters.offset + filters.limit]
    assert page.total == len(fitting)
    assert_same_rows(listed(page.videos), as_listed(wanted))
    assert page.has_more == (filters.offset + len(wanted) < len(fitting))
    assert page.page == filters.offset // filters.limit + 1


@pytest.mark.parametrize(("sort_by", "sort_order"), [*product(get_args(SortBy), get_args(SortOrder))])
def test_pages_join_to_the_whole(shelf, everything, sort_by, sort_order):
    whole = replace(ALL, sort_by=sort_by, sort_order=sort_order, limit=7)

    pages = [videos.fresh(shelf.id, replace(whole, offset=offset)).videos for offset in range(0, 40, 7)]

    assert [one for page in pages for one in page.video_id] == [row["video_id"] for row in in_order(everything, whole)]


def test_a_page_beyond_the_end_is_empty_and_knows_the_total(shelf):
    page = videos.fresh(shelf.id, replace(ALL, offset=100_000))

    assert (len(page.videos), page.total, page.has_more) == (0, 40, False)
    assert "total" not in page.videos.columns


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("%", {"100% cotton"}),
        ("_", {"snake_case"}),
        ("\\", {"back\\slash"}),
        ("' or true --", set()),
        (":title", {":title"}),
        ("{order}", {"{order}"}),
        ("  SNAKE ", {"snake_case"}),
        ("100%\x00 cotton\ud800", {"100% cotton"}),
        ("%" * 10_000, set()),
    ],
)
def test_what_is_typed_means_itself(search, found):
    titles = ["100% cotton", "snake_case", "back\\slash", ":title", "{order}", "plain"]
    creator = a_creator([a_video(title) for title in titles])

    assert set(videos.fresh(creator.id, VideoFilters(search=search)).videos.title) == found


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "published"),
        ("band", "high"),
        ("sort_by", "title; drop table videos"),
        ("sort_order", "DESC"),
        ("limit", 0),
        ("limit", PAGE_LIMIT + 1),
        ("offset", -1),
    ],
)
def test_an_unknown_value_is_named(field, value):
    with pytest.raises(ValueError, match=field) as raised:
        VideoFilters(**{field: value})

    assert f'"{value}"' in str(raised.value)


def test_an_outsider_sees_nothing_even_after_the_owner_warmed_the_cache(shelf, everything):
    outsider, its_video = a_creator(), everything[0]["video_id"]
    videos(shelf.id, ALL), library(shelf.id), videos_standing_out(shelf.id)
    videos_in_order(shelf.id), video_to_edit(shelf.id, its_video)

    assert videos(outsider.id, ALL).total == 0
    assert (library(outsider.id).total_videos, library(outsider.id).categories) == (0, [])
    assert videos_standing_out(outsider.id).empty
    assert videos_in_order(outsider.id).empty
    assert video_to_edit(outsider.id, its_video) is video_to_edit(outsider.id, uuid4()) is None


def test_creators_with_the_same_video_and_student_ids_each_see_their_own():
    video_id, student_id = uuid4(), uuid4()
    one_student, other_student = a_student(id=student_id), a_student(id=student_id)
    one = a_creator(one_student, a_video("One", id=video_id), a_watch(one_student, days_ago=1))
    other = a_creator(other_student, a_video("Other", id=video_id))

    assert [(row["title"], row["views_7d"]) for row in rows_of(listed(videos.fresh(one.id, ALL).videos))] == [
        ("One", 1)
    ]
    assert [(row["title"], row["views_7d"]) for row in rows_of(listed(videos.fresh(other.id, ALL).videos))] == [
        ("Other", 0)
    ]


def test_the_library_counts_and_sorts():
    creator = a_creator(
        a_video("A", category="Zebra"),
        a_video("B", category="Apple", status="failed"),
        a_video("C", category="Apple"),
        a_video("D", category="Gone", deleted_days_ago=1),
    )

    found = library.fresh(creator.id)

    assert (found.total_videos, found.published_videos, found.categories) == (3, 2, ["Apple", "Zebra"])


def test_best_worst_and_failed_stand_out():
    students = [a_student(f"S {number}") for number in range(6)]
    good, bad, few, broken = a_video("Good"), a_video("Bad"), a_video("Few"), a_video("Broken", status="failed")
    creator = a_creator(
        [*students, good, bad, few, broken],
        [a_progress(one, good, completed=True) for one in students],
        [a_progress(one, bad, completed=one is students[0]) for one in students],
        [a_progress(one, few) for one in students[:4]],
    )

    found = videos_standing_out.fresh(creator.id)

    assert list(zip(found.reason, found.title, strict=True)) == [
        ("best", "Good"),
        ("failed", "Broken"),
        ("worst", "Bad"),
    ]


def test_where_all_videos_do_alike_none_is_worst():
    students = [a_student(f"S {number}") for number in range(5)]
    one, other = a_video("One"), a_video("Other", position=1)
    creator = a_creator([*students, one, other], [a_progress(who, what) for who in students for what in (one, other)])

    assert videos_standing_out.fresh(creator.id)[["reason", "title"]].values.tolist() == [["best", "One"]]


def test_a_video_to_edit_says_what_a_deletion_concerns():
    video, gone = a_video("Loops", description="About loops"), a_video("Gone", deleted_days_ago=1)
    quizzes = [a_quiz(video=video), a_quiz(video=video, deleted_at=NOW)]
    creator = a_creator([a_student(), video, gone], quizzes, a_progress(video=video))

    found = video_to_edit.fresh(creator.id, video.id)

    assert found is not None
    assert (found.title, found.description, found.unique_viewers, found.quizzes) == ("Loops", "About loops", 1, 1)
    assert video_to_edit.fresh(creator.id, gone.id) is None


def test_the_order_of_the_course_breaks_ties_by_age():
    creator = a_creator(
        a_video("Later", position=1, created_days_ago=1),
        a_video("Earlier", position=1, created_days_ago=2),
        a_video("First", position=0, created_days_ago=0),
    )

    assert videos_in_order.fresh(creator.id).title.tolist() == ["First", "Earlier", "Later"]
