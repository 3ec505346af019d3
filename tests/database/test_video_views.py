"""When views of videos began: the rollup against plain Python, kept and rebuilt alike, and nobody else's."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given

from database.refresh import rebuild
from tests import oracle
from tests.builders import (
    NOW,
    a_creator,
    a_progress,
    a_segment,
    a_student,
    a_video,
    a_watch,
    add,
    change,
    histories,
    refreshed,
    remove,
)

pytestmark = pytest.mark.usefixtures("shared_database")

HALF_AN_HOUR = timedelta(minutes=30)


def views(creator):
    rows = oracle.rows_of(creator.id, "video_views")
    return sorted((row["student_id"], row["video_id"], row["began_at"]) for row in rows)


def expected_views(creator):
    source = oracle.source(creator.id)
    return sorted(
        (row["student_id"], row["video_id"], at)
        for row in source.of_students("video_progress")
        for at in begun(source, row)
    )


def begun(source, progress):
    """Instants after over half an hour without playback; the first start where there is none."""
    played = sorted(
        row["watched_at"]
        for row in source["watch_segments"]
        if (row["student_id"], row["video_id"]) == (progress["student_id"], progress["video_id"])
    )
    if not played:
        return [progress["first_watched"]]
    return [played[0], *(later for earlier, later in pairwise(played) if later - earlier > HALF_AN_HOUR)]


@given(histories(until=NOW))
def test_views_equal_plain_python(history):
    creator = refreshed(history)

    assert views(creator) == expected_views(creator)


def test_every_change_is_followed_and_equals_a_rebuild():
    ada, ben, loops, lists = a_student("Ada"), a_student("Ben"), a_video("Loops"), a_video("Lists")
    played = a_segment(ada, loops, days_ago=3)
    creator = a_creator([ada, ben, loops, lists], a_progress(ada, loops, days_ago=9), played)
    changes = (
        lambda: add(creator, a_watch(ben, lists, days_ago=1)),
        lambda: add(creator, a_segment(ada, loops, days_ago=2.99)),
        lambda: remove(creator, played),
        lambda: change(creator, ben, deleted_at=NOW),
        lambda: change(creator, ben, deleted_at=None),
        lambda: change(creator, loops, deleted_at=NOW),
        lambda: remove(creator, ada),
    )
    seen = [views(creator)]

    for change_something in changes:
        change_something()
        kept = views(refreshed(creator))
        assert kept == expected_views(creator)
        rebuild(creator.id)
        assert views(creator) == kept
        seen.append(kept)

    assert len({tuple(state) for state in seen}) >= 5


def test_an_outsider_sees_no_view():
    assert views(a_creator(a_watch()))
    assert views(a_creator()) == []
