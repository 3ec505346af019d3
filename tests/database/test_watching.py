"""What was watched, folded and summed: every row against plain Python, and the cases that are easily counted wrong."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise
from typing import Any

import pytest
from hypothesis import given
from sqlalchemy import text

from database.engine import engine
from database.refresh import stale_creators
from database.tenancy import tenant_tx
from tests import oracle, watching_oracle
from tests.builders import (
    NOW,
    ACreator,
    History,
    Row,
    a_creator,
    a_file,
    a_progress,
    a_retention_curve,
    a_segment,
    a_student,
    a_video,
    add,
    change,
    histories,
    refreshed,
    remove,
)
from tests.database.snapshots import assert_same_rows, shown_rows
from tests.oracle import Record, rows_of

pytestmark = pytest.mark.usefixtures("shared_database")

COUNTED = {
    "watched_videos": watching_oracle.watched_videos,
    "views": watching_oracle.views,
    "video_totals": watching_oracle.video_totals,
    "video_seconds": watching_oracle.video_seconds,
}
SUMS = ("video_totals", "video_seconds", "student_totals", "course_totals", "video_days")
WATCHING = ("videos_watched", "share_sum", "share_count", "watched_seconds", "views")


@given(histories(until=NOW))
def test_every_fold_and_sum_equals_plain_python(history: History):
    creator = refreshed(history)

    assert_counted(creator, NOW)


def test_what_a_change_of_anything_does_equals_plain_python():
    ada, ben, loops, lists = a_student("Ada"), a_student("Ben"), a_video("Loops"), a_video("Lists")
    played = a_segment(ada, loops, days_ago=3, seconds=200)
    creator = a_creator([ada, ben, loops, lists], a_progress(ada, loops, days_ago=3), played)
    replaced = a_file(loops, days_ago=2, duration_seconds=300)
    changes = (
        lambda: add(creator, a_segment(ben, lists, days_ago=1), a_progress(ben, lists, days_ago=1)),
        lambda: add(creator, a_segment(ada, loops, days_ago=2.99, seconds=30)),
        lambda: change(creator, played, end_second=250),
        lambda: add(creator, replaced),
        lambda: add(creator, a_segment(ada, loops, days_ago=1, seconds=300)),
        lambda: change(creator, replaced, duration_seconds=600),
        lambda: change(creator, loops, status="uploaded"),
        lambda: change(creator, lists, duration_seconds=60),
        lambda: remove(creator, replaced),
        lambda: remove(creator, played),
        lambda: change(creator, ben, deleted_at=NOW),
        lambda: change(creator, ben, deleted_at=None),
        lambda: change(creator, loops, deleted_at=NOW),
        lambda: change(creator, loops, deleted_at=None),
        lambda: remove(creator, ada),
        lambda: remove(creator, lists),
    )
    seen = [shown_rows(creator.id, "watched_videos")]

    for change_something in changes:
        change_something()
        assert_counted(refreshed(creator), NOW)
        seen.append(shown_rows(creator.id, "watched_videos"))

    assert [place for place, (before, after) in enumerate(pairwise(seen)) if before == after] == []
    assert [shown_rows(creator.id, relation) for relation in COUNTED] == [[], [], [], []]


@pytest.mark.parametrize("length", [5, 10, 30, 600])
def test_who_skips_an_intro_and_plays_to_the_end_has_completed(length: int):
    skipped = length // 10

    assert a_watched(length, [(skipped, length)])["is_completed"]
    assert not a_watched(length, [(skipped + 1, length)])["is_completed"]


@pytest.mark.parametrize(
    ("length", "last_second"),
    [(5, 5), (10, 10), (30, 28), (30, 29), (600, 589), (600, 595), (3600, 3529)],
)
def test_who_stops_in_the_credits_has_completed_and_stopped_nowhere(length: int, last_second: int):
    watched = a_watched(length, [(0, last_second)])

    assert (watched["is_completed"], watched["exit_second"]) == (True, None)


@pytest.mark.parametrize(("length", "last_second"), [(5, 4), (10, 9), (30, 27), (600, 588), (3600, 3528)])
def test_who_stops_before_the_credits_has_stopped_there(length: int, last_second: int):
    watched = a_watched(length, [(0, last_second)])

    assert (watched["is_completed"], watched["exit_second"]) == (False, last_second)


def test_a_jump_to_the_end_is_no_watching_to_the_end():
    watched = a_watched(600, [(0, 30), (598, 600)])

    assert not watched["is_completed"]
    assert watched["exit_second"] == 30
    assert watched["share_hundredths"] == round(100 * 100 * 32 / 600)


def test_who_skips_much_but_plays_to_the_end_has_neither_completed_nor_stopped():
    watched = a_watched(600, [(0, 300), (400, 600)])

    assert (watched["is_completed"], watched["exit_second"]) == (False, None)


def test_ten_who_stop_in_the_credits_are_ten_completions():
    students, video = [a_student() for _ in range(10)], a_video(duration_seconds=600)
    creator = a_creator(students, video, [a_segment(student, video, seconds=595) for student in students])

    [totals] = shown_rows(creator.id, "video_totals")

    assert (totals["viewers"], totals["completions"]) == (10, 10)
    assert sum(row["exits"] for row in shown_rows(creator.id, "video_seconds")) == 0


def test_what_the_platform_calls_completed_is_completed():
    assert a_watched(600, [(0, 30)], a_progress(completed=True))["is_completed"]
    assert a_watched(600, [], a_progress(completed=True))["is_completed"]
    assert not a_watched(600, [], a_progress(watch_percentage=99))["is_completed"]


def test_playback_that_is_told_months_after_the_progress_is_only_a_part():
    known = a_progress(days_ago=1, first_days_ago=90, watch_percentage=80, watch_duration=480, completed=True)
    unknown = a_progress(days_ago=1, first_days_ago=90)

    told = a_watched(600, [(0, 30)], known)
    not_told = a_watched(600, [(0, 30)], unknown)

    assert (told["is_completed"], told["share_hundredths"], told["watched_seconds"]) == (True, 8000, 480)
    assert (not_told["share_hundredths"], not_told["exit_second"]) == (None, None)
    assert (not_told["is_completed"], not_told["watched_seconds"]) == (False, 30)


def test_the_platforms_share_comes_first_then_playback_then_the_curve():
    curve = a_retention_curve({50: 50, 100: 0})

    assert a_watched(600, [(0, 300)], a_progress(watch_percentage=12.345), curve)["share_hundredths"] == 1235
    assert a_watched(600, [(0, 300)], a_progress(), curve)["share_hundredths"] == 5000
    assert a_watched(None, [(0, 300)], a_progress(), curve)["share_hundredths"] == 5000
    assert a_watched(600, [], a_progress(), curve)["share_hundredths"] == 5000
    assert a_watched(None, [(0, 300)], a_progress())["share_hundredths"] is None
    assert a_watched(600, [], a_progress())["share_hundredths"] is None


def test_without_a_length_nobody_is_compared_with_who_played_furthest():
    students, video = [a_student() for _ in range(3)], a_video(duration_seconds=None)
    lengths = zip(students, (300, 300, 36_000), strict=True)
    creator = a_creator(students, video, [a_segment(student, video, seconds=seconds) for student, seconds in lengths])

    for row in shown_rows(creator.id, "watched_videos"):
        assert (row["is_completed"], row["share_hundredths"], row["exit_second"]) == (False, None, None)


def test_watching_makes_a_viewer_whichever_table_says_so():
    played, started = a_student("Ada"), a_student("Ben")
    creator = a_creator(played, started, video := a_video(), a_segment(played), a_progress(started))

    [totals] = shown_rows(creator.id, "video_totals")

    assert (totals["viewers"], totals["playback_viewers"], totals["views"]) == (2, 1, 2)
    assert {row["student_id"]: row["ranges"] is None for row in shown_rows(creator.id, "watched_videos")} == {
        played.id: False,
        started.id: True,
    }
    [analytics] = rows_of(creator.id, "video_analytics")
    assert (analytics["video_id"], analytics["unique_viewers"]) == (video.id, 2)


def test_ninety_minutes_in_one_go_are_one_view_however_they_are_told():
    start = NOW - timedelta(days=1)
    once, twice, apart = a_student("Ada"), a_student("Ben"), a_student("Cy")
    creator = a_creator(
        [once, twice, apart, a_video(duration_seconds=5400)],
        a_segment(once, at=start, seconds=5400),
        a_segment(twice, at=start, seconds=2700),
        a_segment(twice, at=start + timedelta(minutes=45), start_second=2700, seconds=2700),
        a_segment(apart, at=start, seconds=2700),
        a_segment(apart, at=start + timedelta(minutes=75, seconds=1), start_second=2700, seconds=2700),
    )

    views = shown_rows(creator.id, "views")

    assert sorted((row["began_at"] - start, row["ended_at"] - start) for row in views) == [
        (timedelta(), timedelta(minutes=45)),
        (timedelta(), timedelta(minutes=90)),
        (timedelta(), timedelta(minutes=90)),
        (timedelta(minutes=75, seconds=1), timedelta(minutes=120, seconds=1)),
    ]


def test_a_view_across_midnight_is_one_and_belongs_to_the_day_on_which_it_began():
    before = datetime(2026, 3, 2, 23, 50, tzinfo=UTC)
    creator = a_creator(a_segment(at=before, seconds=60))

    add(creator, a_segment(at=before + timedelta(minutes=20), start_second=60, seconds=60))

    began = [row for row in shown_rows(refreshed(creator).id, "video_days") if row["views"]]
    assert [(row["day"], row["views"]) for row in began] == [(date(2026, 3, 2), 1)]


def test_a_replaced_file_starts_figures_of_its_own_and_pages_show_the_newest():
    ada, ben, video = a_student("Ada"), a_student("Ben"), a_video(duration_seconds=300)
    creator = a_creator(
        [ada, ben, video],
        a_file(video, edition=1, duration_seconds=600),
        a_segment(ada, video, days_ago=5, seconds=600),
        a_segment(ben, video, days_ago=4, seconds=300),
    )

    add(creator, a_file(video, days_ago=3), a_segment(ada, video, days_ago=2, seconds=150))

    totals = {row["edition"]: row for row in shown_rows(refreshed(creator).id, "video_totals")}
    assert [(row["viewers"], row["completions"]) for row in (totals[1], totals[2])] == [(2, 1), (1, 0)]
    assert totals[2]["share_sum"] == 5000
    [analytics] = rows_of(creator.id, "video_analytics")
    assert (analytics["unique_viewers"], analytics["completions"], analytics["total_watch_seconds"]) == (1, 0, 150)
    [course] = shown_rows(creator.id, "course_totals")
    assert (course["videos_watched"], course["completions"], course["share_sum"]) == (2, 1, 15_000)
    curves = {1: {0: 2, 300: -1, 600: -1}, 2: {0: 1, 150: -1}}
    for edition, curve in curves.items():
        seconds = [row for row in shown_rows(creator.id, "video_seconds") if row["edition"] == edition]
        assert {row["second"]: row["viewers_change"] for row in seconds} == curve


def test_an_edition_that_begins_later_is_shown_when_it_does(monkeypatch: pytest.MonkeyPatch):
    video = a_video()
    creator = a_creator(a_segment(video=video), a_file(video, at=NOW + timedelta(days=1)), video)
    assert [row["unique_viewers"] for row in rows_of(creator.id, "video_analytics")] == [1]

    monkeypatch.setenv("DASHBOARD_NOW", (NOW + timedelta(days=2)).isoformat())

    assert creator.id in stale_creators()
    assert_counted(refreshed(creator), NOW + timedelta(days=2))
    assert [row["unique_viewers"] for row in rows_of(creator.id, "video_analytics")] == [0]


def test_what_lies_after_the_clock_counts_when_the_clock_gets_there(monkeypatch: pytest.MonkeyPatch):
    ada, ben, video = a_student("Ada"), a_student("Ben"), a_video(duration_seconds=600)
    creator = a_creator(
        [ada, ben, video],
        a_segment(ada, video, days_ago=1, seconds=300),
        a_segment(ada, video, days_ago=-1, start_second=300, seconds=300),
        a_progress(ben, video, days_ago=-3, first_days_ago=2, watch_percentage=90, completed=True),
    )

    for days in (0, 0.5, 1, 2, 3, 4):
        now = NOW + timedelta(days=days)
        monkeypatch.setenv("DASHBOARD_NOW", now.isoformat())
        assert_counted(refreshed(creator), now)
    assert [row["completions"] for row in shown_rows(creator.id, "video_totals")] == [2]


def test_a_segment_that_comes_again_keeps_its_later_end():
    segment = a_segment(days_ago=1, seconds=30)
    creator = a_creator(segment)
    longer, shorter = (Row("watch_segments", segment.values | {"end_second": end}) for end in (60, 10))

    for again in (longer, shorter, [shorter, longer, segment]):
        add(creator, again)

    assert [row["end_second"] for row in rows_of(creator.id, "watch_segments")] == [60]
    assert [row["watched_seconds"] for row in shown_rows(refreshed(creator).id, "watched_videos")] == [60]


def test_a_segment_takes_at_most_240_bytes_with_its_indexes():
    students, videos = [a_student() for _ in range(40)], [a_video() for _ in range(25)]
    order = random.Random(1)
    played = [
        a_segment(student, video, at=NOW - timedelta(seconds=order.randrange(10**7)), start_second=30 * place)
        for student in students
        for video in videos
        for place in range(20)
    ]
    order.shuffle(played)
    creator = a_creator(students, videos)
    before = bytes_of_segments()

    for first in range(0, len(played), 500):
        add(creator, played[first : first + 500])

    assert (bytes_of_segments() - before) / len(played) <= 240


def bytes_of_segments() -> int:
    with engine().connect() as connection:
        return int(connection.execute(text("select pg_total_relation_size('watch_segments')")).scalar_one())


@pytest.mark.parametrize(("minutes", "events"), [(0, 0), (30, 0), (31, 1)])
def test_replaced_activity_is_kept_unless_playback_near_it_says_the_same(minutes: int, events: int):
    student, video, replaced = a_student(), a_video(), NOW - timedelta(days=5)
    progress = a_progress(student, video, at=replaced, first_days_ago=9)
    creator = a_creator(student, video, progress, a_segment(at=replaced - timedelta(minutes=minutes)))

    change(creator, progress, last_watched=NOW)

    kept = rows_of(creator.id, "activity_events")
    assert [(row["kind"], row["occurred_at"]) for row in kept] == [("watched_before", replaced)] * events


def test_activity_that_another_instant_of_the_progress_keeps_is_no_event():
    student, video = a_student(), a_video()
    progress = a_progress(student, video, days_ago=5)
    creator = a_creator(student, video, progress)

    change(creator, progress, last_watched=NOW)

    assert rows_of(creator.id, "activity_events") == []


@given(histories(until=NOW))
def test_no_sum_is_negative_and_none_is_left_of_nobody(history: History):
    creator = refreshed(history)
    with tenant_tx(creator.id) as connection:
        connection.execute(text("update students set deleted_at = null"))

    rows = {relation: shown_rows(refreshed(creator).id, relation) for relation in SUMS}

    for found in rows.values():
        for row in found:
            changing = ("viewers_change", "plays_change")
            assert all(value >= 0 for name, value in row.items() if isinstance(value, int) and name not in changing)
    for column in ("watched_seconds", "views"):
        totals = {relation: sum(row[column] for row in rows[relation]) for relation in SUMS[:1] + SUMS[2:4]}
        assert len(set(totals.values())) == 1, totals
    pairs = {relation: sum(row["videos_watched"] for row in rows[relation]) for relation in SUMS[2:4]}
    assert len(set(pairs.values())) == 1, pairs
    for edition in {(row["video_id"], row["edition"]) for row in rows["video_seconds"]}:
        curve = [row for row in rows["video_seconds"] if (row["video_id"], row["edition"]) == edition]
        for column in ("viewers_change", "plays_change"):
            levels = list(accumulate(row[column] for row in sorted(curve, key=lambda row: row["second"])))
            assert min(levels) >= 0
            assert levels[-1] == 0
    with tenant_tx(creator.id) as connection:
        connection.execute(text("update students set deleted_at = dashboard_now()"))
    assert [shown_rows(refreshed(creator).id, relation) for relation in ("watched_videos", "views", *SUMS)] == [[]] * 7


def test_the_same_keys_once_more_change_nothing():
    creator = a_creator(video := a_video(), a_segment(), a_progress(days_ago=9), a_retention_curve({50: 60}, video))
    before = {relation: shown_rows(creator.id, relation) for relation in (*COUNTED, "student_totals", "days")}

    with tenant_tx(creator.id) as connection:
        connection.execute(text("update video_progress set last_watched = last_watched, completed = not completed"))
        connection.execute(text("update video_progress set completed = not completed"))

    assert {relation: shown_rows(refreshed(creator).id, relation) for relation in before} == before


def test_a_creator_sees_no_others_watching():
    a_creator(a_segment())
    outsider = a_creator()

    for relation in (*COUNTED, "video_editions"):
        assert rows_of(outsider.id, relation) == []


def a_watched(length: int | None, ranges: list[tuple[int, int]], *rows: Any) -> Record:
    """What is known of one student who played these seconds, one after the other, a day ago."""
    start = NOW - timedelta(days=1)
    played = [
        a_segment(at=start + timedelta(seconds=first), start_second=first, seconds=end - first) for first, end in ranges
    ]
    creator = a_creator(a_video(duration_seconds=length), played, *rows)
    [row] = shown_rows(creator.id, "watched_videos")
    assert_counted(creator, NOW)
    return row


def assert_counted(creator: ACreator, now: datetime) -> None:
    source = oracle.source(creator.id)
    for relation, counted in COUNTED.items():
        rows = [_comparable(row) for row in shown_rows(creator.id, relation)]
        assert_same_rows(relation, rows, [_comparable(row) for row in counted(source, now)])
    students = {row["student_id"]: row for row in shown_rows(creator.id, "student_totals")}
    of_students = watching_oracle.student_figures(source, now)
    for student_id, row in students.items():
        columns = (*WATCHING, "videos_completed")
        assert _taken(row, columns) == of_students.get(student_id, dict.fromkeys(columns, 0))
    assert set(of_students) <= set(students)
    of_course = watching_oracle.course_figures(source, now)
    [row] = shown_rows(creator.id, "course_totals") or [dict.fromkeys(of_course, 0)]
    assert _taken(row, of_course) == of_course
    columns = ("last_watched", "share_sum", "share_count")  # type: ignore[assignment]
    days = {row["day"]: _taken(row, columns) for row in shown_rows(creator.id, "days") if row["last_watched"]}
    assert days == watching_oracle.day_figures(source, now)
    views = {(row["day"], row["video_id"]): row["views"] for row in shown_rows(creator.id, "video_days")}
    assert {key: count for key, count in views.items() if count} == watching_oracle.views_of_days(source, now)


def _taken(row: Record, columns: Any) -> Record:
    return {column: row[column] for column in columns}


def _comparable(row: Record) -> Record:
    """A multirange comes as text."""
    return row | {"ranges": str(_stretches(row["ranges"]))} if "ranges" in row else row


def _stretches(ranges: Any) -> Any:
    if not isinstance(ranges, str):
        return ranges
    bounds = [part.strip("[){}").split(",") for part in ranges.split("),") if part.strip("{}")]
    return [(int(start), int(end)) for start, end in bounds]
