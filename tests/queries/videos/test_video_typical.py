"""The curve that a video is compared with, against plain Python."""

from uuid import uuid4

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.videos import typical as video_typical
from queries.videos.typical import typical_curve, typical_curves
from tests.builders import a_creator, a_progress, a_retention_curve, a_student, a_video, a_watch

pytestmark = pytest.mark.usefixtures("shared_database")

LENGTH = 100
runs = st.lists(st.tuples(st.integers(0, 60), st.sampled_from([0, 1, 30, 47, 170])), min_size=1, max_size=3)
others = st.fixed_dictionaries(
    {
        "length": st.sampled_from([49, 50, 77, 200, 201, None]),
        "status": st.sampled_from(["completed", "completed", "completed", "processing"]),
        "deleted": st.sampled_from([False, False, False, True]),
        "viewers": st.lists(runs, min_size=4, max_size=6),
        "curve": st.none()
        | st.dictionaries(st.sampled_from([0, 5, 12.5, 60, 100]), st.sampled_from([90, 40, 10]), min_size=1),
    }
)


@given(st.lists(others, max_size=4))
def test_it_is_the_mean_over_videos_of_similar_length(shot):
    students = [a_student() for _ in range(6)]
    video = a_video(duration_seconds=LENGTH)
    creator = a_creator(students, video, a_watch(students[0], video), [filmed(one, students) for one in shot])

    curve = typical_curve.fresh(creator.id, video.id)

    alike = [one for one in shot if is_alike(one)]
    assert curve.position_percent.tolist() == (list(range(0, 101, 5)) if alike else [])
    for row in curve.itertuples():
        each = [retention(one, row.position_percent) for one in alike]
        assert row.videos == len(alike)
        assert row.retention_percent == pytest.approx(sum(each) / len(each))


def filmed(one, students):
    """A video with one student per viewing; with a ready-made curve instead of playback if it has one."""
    video = a_video(
        duration_seconds=one["length"], status=one["status"], deleted_days_ago=1 if one["deleted"] else None
    )
    rows = [video, a_retention_curve(one["curve"] or {}, video)]
    for student, played in zip(students, one["viewers"], strict=False):
        rows.append(a_progress(student, video))
        if one["curve"] is None:
            rows += [a_watch(student, video, start_second=start, seconds=seconds) for start, seconds in played]
    return rows


def is_alike(one):
    return (
        one["length"] is not None
        and 0.5 * LENGTH <= one["length"] <= 2 * LENGTH
        and one["status"] == "completed"
        and not one["deleted"]
        and len(one["viewers"]) >= 5
    )


def retention(one, position):
    if one["curve"] is None:
        second = min(position * one["length"] // 100, one["length"] - 1)
        there = sum(any(start <= second < start + s for start, s in played) for played in one["viewers"])
        return 100 * there / len(one["viewers"])
    corners = sorted(({0: 100} | one["curve"]).items())
    before = max(corner for corner in corners if corner[0] <= position)
    after = min((corner for corner in corners if corner[0] > position), default=None)
    if after is None:
        return before[1]
    return before[1] + (after[1] - before[1]) * (position - before[0]) / (after[0] - before[0])


def test_the_length_of_a_video_without_one_is_as_far_as_five_viewers_got():
    students = [a_student() for _ in range(6)]
    video, other = a_video(duration_seconds=None), a_video(duration_seconds=100)
    watches = [a_watch(student, other, seconds=50) for student in students]
    watches += [a_watch(student, video, seconds=60) for student in students[:5]]
    creator = a_creator(students, video, other, watches, a_watch(students[5], video, seconds=7_200))

    curve = typical_curve.fresh(creator.id, video.id).set_index("position_percent").retention_percent

    assert (curve[45], curve[50]) == (100, 0)


def test_a_video_without_a_length_is_never_compared_by_what_few_played():
    students = [a_student() for _ in range(5)]
    video, other = a_video(duration_seconds=None), a_video(duration_seconds=100)
    watches = [a_watch(student, other, seconds=50) for student in students]
    creator = a_creator(students, video, other, watches, [a_watch(one, video, seconds=60) for one in students[:4]])

    assert typical_curve.fresh(creator.id, video.id).empty


def test_of_very_many_videos_the_most_similar_ones_count(monkeypatch):
    monkeypatch.setattr(video_typical, "MOST_ALIKE", 2)
    students = [a_student() for _ in range(5)]
    video = a_video(duration_seconds=100)
    near, nearer, far = (a_video(duration_seconds=length) for length in (120, 110, 190))
    watches = [a_watch(student, one, seconds=10) for student in students for one in (near, nearer, far)]

    curve = typical_curve.fresh(a_creator(students, video, near, nearer, far, watches).id, video.id)

    assert curve.videos.unique().tolist() == [2]


def test_the_curves_of_several_videos_are_those_of_each():
    students = [a_student() for _ in range(6)]
    films = [a_video(f"Film {length}", duration_seconds=length) for length in (100, 150, 260, 900)]
    watches = [
        a_watch(student, film, seconds=20 * (place + number))
        for place, student in enumerate(students, 1)
        for number, film in enumerate(films)
    ]
    creator = a_creator(students, films, watches)

    together = typical_curves.fresh(creator.id, tuple(film.id for film in films))

    for film in films:
        found = together[together["video_id"] == film.id].drop(columns="video_id").reset_index(drop=True)
        alone = typical_curve.fresh(creator.id, film.id)
        pd.testing.assert_frame_equal(found, alone, check_dtype=not alone.empty)
    assert together["video_id"].nunique() == 3


def test_an_outsider_sees_nothing_also_after_the_owner_looked():
    students = [a_student() for _ in range(5)]
    video, other = a_video(), a_video()
    owner = a_creator(students, video, other, [a_watch(student, other) for student in students])
    outsider = a_creator(a_video(duration_seconds=600))
    assert len(typical_curve(owner.id, video.id)) == 21

    assert typical_curve(outsider.id, video.id).empty
    assert typical_curve(outsider.id, uuid4()).empty
