"""Playback of one video, against plain Python that looks at every second."""

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from math import ceil
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.videos.drop_offs import drop_off_points
from queries.videos.playback import replayed_sections, retention_curve, sections, viewers_at
from tests.builders import (
    NOW,
    a_creator,
    a_file,
    a_progress,
    a_retention_curve,
    a_segment,
    a_student,
    a_video,
    a_watch,
    refreshed,
    remove,
)
from tests.queries.comparing import assert_same_rows

pytestmark = pytest.mark.usefixtures("shared_database")

ALL = (retention_curve, drop_off_points, sections, replayed_sections)

# Runs that overlap, touch, cover nothing, lie beyond the end; few different ones, so that students stop together.
runs = st.tuples(st.sampled_from([0, 5, 20, 30, 60, 350]), st.sampled_from([0, 1, 9, 10, 29, 30, 31, 40, 300]))
viewings = st.fixed_dictionaries(
    {
        "runs": st.lists(runs, max_size=4),
        "started": st.sampled_from([True, True, True, True, False]),
        "completed": st.sampled_from([False, False, False, True]),
        "left": st.sampled_from([False, False, False, False, True]),
    }
)
lengths = st.sampled_from([None, 0, 1, 60, 61, 100, 360, 361, 400])


def filmed(length, seen):
    """A creator with one video, and each viewing by a student of its own."""
    video, other = a_video(duration_seconds=length), a_video("Lists", duration_seconds=length)
    rows = [video, other]
    for viewing in seen:
        student = a_student(deleted_days_ago=1 if viewing["left"] else None)
        rows += [student, a_watch(student, other, seconds=7)]
        rows += [
            a_segment(student, video, at=NOW - timedelta(minutes=place), start_second=start, seconds=seconds)
            for place, (start, seconds) in enumerate(viewing["runs"])
        ]
        rows += [a_progress(student, video, completed=viewing["completed"])] * viewing["started"]
    return a_creator(rows), video


def watched(length, seen):
    """The length, and of each viewer with playback the runs, cut there, and whether the platform says completed.

    Whoever sends playback is a viewer, with or without progress. A length that is not told is as far as five viewers
    reach together or, with fewer, as far as any does.
    """
    seen = [one for one in seen if not one["left"] and one["runs"]]
    if not length:
        last = max((start + seconds for one in seen for start, seconds in one["runs"] if seconds), default=0)
        viewers = [([(start, start + s) for start, s in one["runs"]], False) for one in seen]
        together = [second + 1 for second in range(last) if plays_and_viewers(viewers, second)[1] >= 5]
        length = max(together, default=last)
    cut = [[(min(start, length), min(start + s, length)) for start, s in one["runs"]] for one in seen]
    completed = [one["completed"] and one["started"] for one in seen]
    return length, list(zip(cut, completed, strict=True))


def stop_of(length, cut, completed):
    """Where a viewer stopped for good, second by second; None for who completed it or got into the ending."""
    seconds = {second for start, end in cut for second in range(start, end)}
    ending = min(max(Fraction(2 * length, 100), 10), Fraction(length, 10))
    reaches_ending = max(seconds, default=-1) >= length - ending
    if completed or (reaches_ending and 10 * len(seconds) >= 9 * length):
        return None
    ends = [end for start, end in stretches(seconds) if start < length - ending]
    return max(ends) if ends and max(ends) <= length - ending else None


def stretches(seconds):
    starts = sorted(second for second in seconds if second - 1 not in seconds)
    ends = sorted(second + 1 for second in seconds if second + 1 not in seconds)
    return list(zip(starts, ends, strict=True))


def plays_and_viewers(viewers, second):
    counts = [sum(start <= second < end for start, end in cut) for cut, _completed in viewers]
    return sum(counts), sum(count > 0 for count in counts)


@given(lengths, st.lists(viewings, max_size=9), st.sampled_from([7, 240]))
def test_the_curve_counts_who_plays_each_second(length, seen, points):
    creator, video = filmed(length, seen)
    length, viewers = watched(length, seen)

    curve = retention_curve.fresh(creator.id, video.id, points)

    shown = range(0, length, ceil(length / points) or 1) if viewers else []
    expected = []
    for second in shown:
        plays, there = plays_and_viewers(viewers, second)
        expected.append(
            {
                "source": "segments",
                "second": second,
                "position_percent": 100 * second / length,
                "retention_percent": 100 * there / len(viewers),
                "viewers": there,
                "plays": plays,
                "all_viewers": len(viewers),
            }
        )
    assert len(curve) <= points
    assert_same_rows(curve, expected)


@given(lengths, st.lists(viewings, max_size=9), st.integers(0, 400))
def test_a_second_counts_who_plays_it(length, seen, second):
    creator, video = filmed(length, seen)
    length, viewers = watched(length, seen)

    there = viewers_at.fresh(creator.id, video.id, second)

    assert (there.plays, there.viewers) == (plays_and_viewers(viewers, second) if second < length else (0, 0))
    assert there.all_viewers == len(viewers)


@given(lengths, st.lists(viewings, max_size=12))
def test_drop_offs_are_where_viewers_played_last(length, seen):
    creator, video = filmed(length, seen)
    told, (_length, viewers) = length, watched(length, seen)
    stops = [stop_of(told, cut, completed) for cut, completed in viewers] if told else []
    stops = [stop for stop in stops if stop is not None]

    expected = []
    for bin_start in sorted({stop // 10 * 10 for stop in stops}):
        here = Counter(stop for stop in stops if stop // 10 * 10 == bin_start)
        reached = len(viewers) - sum(stop < bin_start for stop in stops)
        expected.append(
            {
                "second": min(here, key=lambda stop: (-here[stop], stop)),
                "start_second": bin_start,
                "viewers_lost": here.total(),
                "viewers_reached": reached,
                "viewers": len(viewers),
                "lost_percent": 100 * here.total() / reached,
                "is_cliff": here.total() >= 5 and 5 * here.total() >= reached,
            }
        )
    expected.sort(key=lambda row: (-row["viewers_lost"], row["second"]))
    assert_same_rows(drop_off_points.fresh(creator.id, video.id), expected)


@given(lengths, st.lists(viewings, max_size=9))
def test_sections_are_the_mean_over_their_seconds(length, seen):
    creator, video = filmed(length, seen)
    length, viewers = watched(length, seen)
    size = 30 if length <= 360 else ceil(length / 12)

    expected = []
    for start in range(0, length, size) if viewers else []:
        part = [plays_and_viewers(viewers, second) for second in range(start, min(start + size, length))]
        expected.append(
            {
                "start_second": start,
                "end_second": start + len(part),
                "viewers": sum(there for _plays, there in part) / len(part),
                "plays_per_viewer": sum(plays for plays, _there in part) / len(part) / len(viewers),
            }
        )
    assert len(expected) <= 13
    assert_same_rows(sections.fresh(creator.id, video.id), expected)


@given(lengths, st.lists(viewings, min_size=5, max_size=12))
def test_replayed_sections_are_found_second_by_second(length, seen):
    creator, video = filmed(length, seen)
    length, viewers = watched(length, seen)
    counts = {second: plays_and_viewers(viewers, second) for second in range(length)}
    hot = [second for second, (plays, there) in counts.items() if there >= 5 and 2 * plays >= 3 * there]
    stretches: list[list[int]] = []
    for second in hot:
        if stretches and second - stretches[-1][-1] - 1 <= 10:
            stretches[-1].append(second)
        else:
            stretches.append([second])

    expected = []
    for stretch in stretches:
        plays, there = (sum(counts[second][which] for second in stretch) for which in (0, 1))
        if stretch[-1] + 1 - stretch[0] >= 10:
            row = {
                "start_second": stretch[0],
                "end_second": stretch[-1] + 1,
                "viewers": max(counts[second][1] for second in stretch),
                "plays_per_viewer": plays / there,
            }
            expected.append((there - plays, stretch[0], row))
    assert_same_rows(
        replayed_sections.fresh(creator.id, video.id), [row for *_, row in sorted(expected, key=lambda x: x[:2])]
    )


def test_repeat_plays_are_plays_beyond_the_first_of_each_viewer():
    ada, bo = a_student("Ada"), a_student("Bo")
    video = a_video(duration_seconds=4)
    watches = [
        a_watch(ada, video, seconds=4),
        a_watch(ada, video, start_second=1, seconds=1),
        a_watch(bo, video, seconds=2),
    ]

    curve = retention_curve.fresh(a_creator(ada, bo, video, watches).id, video.id)

    assert curve.viewers.tolist() == [2, 2, 1, 1]
    assert curve.plays.tolist() == [2, 3, 1, 1]
    assert curve.retention_percent.tolist() == [100, 100, 50, 50]


@pytest.mark.parametrize(
    ("stopping", "staying", "is_cliff"),
    [(5, 20, True), (5, 21, False), (4, 0, False), (5, 0, True), (20, 80, True), (20, 81, False)],
)
def test_a_cliff_is_five_students_and_a_fifth_of_those_who_got_there(stopping, staying, is_cliff):
    stops = [517] * stopping + [600] * staying + [10] * 3  # the last never got that far

    (point, *_rest) = drop_offs(stops).query("start_second == 510").itertuples()

    assert (point.second, point.viewers_lost, point.is_cliff) == (517, stopping, is_cliff)
    assert point.viewers_reached == stopping + staying


@pytest.mark.parametrize(
    ("stops", "found"),
    [
        ([510, 519], {510: 2}),
        ([509, 510], {509: 1, 510: 1}),
        ([519, 520], {519: 1, 520: 1}),
        ([512, 518, 518], {518: 3}),
        ([518, 512], {512: 2}),
    ],
)
def test_points_are_tens_of_seconds_named_by_their_most_frequent_second(stops, found):
    points = drop_offs(stops)

    assert dict(zip(points.second, points.viewers_lost, strict=True)) == found


def test_viewers_who_stop_in_the_credits_are_no_cliff():
    assert drop_offs([595] * 10 + [600] * 10).empty


def test_jumping_to_the_end_is_leaving_where_they_jumped():
    video = a_video(duration_seconds=600)
    students = [a_student() for _ in range(20)]
    watches = [a_watch(one, video, seconds=600) for one in students[:12]]
    for one in students[12:]:
        watches += [a_watch(one, video, seconds=30), a_watch(one, video, start_second=598, seconds=2)]

    found = drop_off_points.fresh(a_creator(video, students, watches).id, video.id)

    assert found[["second", "viewers_lost", "viewers_reached", "is_cliff"]].values.tolist() == [[30, 8, 20, True]]


def test_where_a_video_without_a_length_ends_one_outlier_does_not_tell():
    video = a_video(duration_seconds=None)
    students = [a_student() for _ in range(6)]
    watches = [a_watch(one, video, seconds=60) for one in students[:5]]
    creator = a_creator(video, students, watches, a_watch(students[5], video, seconds=7_200))

    assert retention_curve.fresh(creator.id, video.id).second.max() == 59
    assert sections.fresh(creator.id, video.id).end_second.tolist() == [30, 60]
    assert drop_off_points.fresh(creator.id, video.id).empty


def test_only_the_edition_of_the_file_that_is_in_force_is_shown():
    ada, ben = a_student("Ada"), a_student("Ben")
    video = a_video(duration_seconds=60)
    creator = a_creator(
        [ada, ben, video],
        a_watch(ada, video, days_ago=3, seconds=100),
        a_file(video, days_ago=2),
        a_watch(ben, video, days_ago=1, seconds=30),
    )

    curve = retention_curve.fresh(creator.id, video.id)

    assert curve.all_viewers.unique().tolist() == [1]
    assert curve[curve["viewers"] > 0].second.max() == 29
    assert viewers_at.fresh(creator.id, video.id, 40).viewers == 0


def test_whoever_completed_or_played_to_the_end_has_not_stopped():
    done, ended = a_student("Ada"), a_student("Bo")
    video = a_video(duration_seconds=100)
    creator = a_creator(
        [done, ended, video],
        a_watch(done, video, seconds=90),
        a_progress(done, video, completed=True),
        a_watch(ended, video, seconds=100),
    )

    assert drop_off_points.fresh(creator.id, video.id).empty


@pytest.mark.parametrize(
    ("viewers", "again", "seconds", "is_replayed"),
    [(6, 3, 10, True), (6, 3, 9, False), (6, 2, 10, False), (5, 3, 10, True), (4, 4, 60, False)],
)
def test_a_replayed_section_has_five_viewers_half_a_replay_each_and_ten_seconds(viewers, again, seconds, is_replayed):
    video = a_video(duration_seconds=200)
    students = [a_student() for _ in range(viewers)]
    rows = [a_watch(student, video, seconds=200) for student in students]
    rows += [a_watch(student, video, start_second=100, seconds=seconds) for student in students[:again]]

    found = replayed_sections.fresh(a_creator(video, students, rows).id, video.id)

    spans = list(zip(found.start_second, found.end_second, strict=True))
    assert spans == ([(100, 100 + seconds)] if is_replayed else [])


@pytest.mark.parametrize(("gap", "spans"), [(10, [(20, 70)]), (11, [(20, 40), (51, 71)])])
def test_a_short_break_does_not_end_a_replayed_section(gap, spans):
    video = a_video(duration_seconds=200)
    students = [a_student() for _ in range(5)]
    starts = [(0, 200), (20, 20), (40 + gap, 20)]
    rows = [a_watch(student, video, start_second=start, seconds=s) for student in students for start, s in starts]

    found = replayed_sections.fresh(a_creator(video, students, rows).id, video.id)

    assert sorted(zip(found.start_second, found.end_second, strict=True)) == spans
    assert found.plays_per_viewer.unique().tolist() == [2]


@pytest.mark.parametrize(
    ("length", "parts", "size"), [(1, 1, 1), (30, 1, 30), (31, 2, 30), (360, 12, 30), (361, 12, 31)]
)
def test_sections_are_half_a_minute_or_a_twelfth(length, parts, size):
    video = a_video(duration_seconds=length)

    found = sections.fresh(a_creator(video, a_watch(video=video, seconds=length)).id, video.id)

    assert len(found) == parts
    assert found.end_second.iloc[0] == size
    assert found.end_second.iloc[-1] == length


def test_without_playback_the_ready_made_curve_is_shown_as_it_is():
    video = a_video(duration_seconds=200)
    creator = a_creator(video, a_progress(video=video), a_retention_curve({50: 60, 5: 90, 100: 33.3}, video))

    curve = retention_curve.fresh(creator.id, video.id)

    assert curve.source.unique().tolist() == ["points"]
    assert curve.second.tolist() == [10, 100, 200]
    assert curve.position_percent.tolist() == [5, 50, 100]
    assert curve.retention_percent.tolist() == [90, 60, 33.3]
    assert curve[["viewers", "plays", "all_viewers"]].isna().all(axis=None)
    assert all(query.fresh(creator.id, video.id).empty for query in (drop_off_points, sections, replayed_sections))


def test_a_ready_made_curve_without_a_length_has_no_seconds():
    video = a_video(duration_seconds=None)
    creator = a_creator(video, a_progress(video=video), a_retention_curve({50: 60}, video))

    curve = retention_curve.fresh(creator.id, video.id)

    assert curve.second.isna().all()
    assert curve.position_percent.tolist() == [50]


def test_playback_goes_before_a_ready_made_curve_until_it_is_gone():
    ada, video = a_student(), a_video(duration_seconds=100)
    run = a_segment(ada, video, seconds=10)
    creator = a_creator(ada, video, a_progress(video=video), run, a_retention_curve({50: 60}, video))
    before = retention_curve(creator.id, video.id).source.unique().tolist()

    remove(creator, run)
    refreshed(creator)

    assert before == ["segments"]
    assert retention_curve(creator.id, video.id).source.tolist() == ["points"]


def test_absurd_seconds_break_nothing():
    video = a_video(duration_seconds=2_147_483_647)
    creator = a_creator(video, a_watch(video=video, start_second=2_147_483_000, seconds=647))

    assert len(retention_curve.fresh(creator.id, video.id)) <= 240
    assert sections.fresh(creator.id, video.id).plays_per_viewer.iloc[-1] > 0
    assert drop_off_points.fresh(creator.id, video.id).empty


@pytest.mark.parametrize("query", ALL, ids=lambda query: query.__name__)
def test_an_outsider_sees_nothing_also_after_the_owner_looked(query):
    video = a_video()
    students = [a_student() for _ in range(6)]
    rows = [a_watch(student, video, days_ago=days, seconds=300) for student in students for days in (1, 2)]
    owner, outsider = a_creator(video, students, rows), a_creator(a_video())
    assert not query(owner.id, video.id).empty

    assert query(outsider.id, video.id).empty
    assert query(outsider.id, uuid4()).empty
    assert viewers_at(outsider.id, video.id, 5).all_viewers == 0


@pytest.mark.parametrize("query", ALL, ids=lambda query: query.__name__)
def test_a_deleted_video_has_nothing(query):
    video = a_video(deleted_days_ago=1)

    assert query.fresh(a_creator(video, a_watch(video=video), a_retention_curve({50: 60}, video)).id, video.id).empty


def drop_offs(stops):
    video = a_video()
    students = [a_student() for _ in stops]
    rows = [a_watch(student, video, seconds=stop) for student, stop in zip(students, stops, strict=True)]
    return drop_off_points.fresh(a_creator(video, students, rows).id, video.id)
