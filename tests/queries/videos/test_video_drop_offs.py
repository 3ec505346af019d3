"""The drop-offs and cliffs of several videos are those of each."""

import pandas as pd
import pytest

from database.frames import mappings
from queries.videos.drop_offs import cliffs, drop_off_points, drop_offs_of_videos
from tests.builders import Row, a_creator, a_segment, a_student, a_video, a_watch

pytestmark = pytest.mark.usefixtures("shared_database")


def test_those_of_several_videos_are_the_rows_of_each():
    students = [a_student(f"Student {number}") for number in range(12)]
    steep, even, unseen = a_video("Steep"), a_video("Even"), a_video("Unseen")
    creator = a_creator(
        [students, steep, even, unseen],
        [a_watch(one, steep, seconds=120) for one in students[:8]],
        [a_watch(one, steep, seconds=590) for one in students[8:]],
        [a_watch(one, even, seconds=40 * (place + 1)) for place, one in enumerate(students)],
        [a_segment(one, even, start_second=0, seconds=5) for one in students],
    )

    ids = (steep.id, even.id, unseen.id)
    everywhere, together = drop_offs_of_videos.fresh(creator.id, ids), cliffs.fresh(creator.id, ids)

    for video in (steep, even, unseen):
        points = drop_off_points.fresh(creator.id, video.id)
        assert mappings(of(everywhere, video)) == mappings(points)
        assert mappings(of(together, video)) == mappings(points[points["is_cliff"].astype(bool)])
    assert together["viewers_lost"].is_monotonic_decreasing
    assert len(together) >= 1


def test_an_outsider_and_no_videos_have_none():
    students, video = [a_student(f"Student {number}") for number in range(6)], a_video()
    creator = a_creator([students, video], [a_watch(one, video, seconds=60) for one in students])
    assert len(cliffs.fresh(creator.id, (video.id,))) == 1

    for query in (cliffs, drop_offs_of_videos):
        assert query.fresh(a_creator().id, (video.id,)).empty
        assert isinstance(query.fresh(creator.id, ()), pd.DataFrame)
        assert query.fresh(creator.id, ()).empty


def of(rows: pd.DataFrame, video: Row) -> pd.DataFrame:
    return rows[rows["video_id"] == video.id].drop(columns="video_id")
