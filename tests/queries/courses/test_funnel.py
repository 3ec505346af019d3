"""How far students get, against plain Python and in small literal cases."""

from datetime import timedelta
from uuid import uuid4

import pandas as pd
import pytest
from hypothesis import given

from database.importers.futurelearn import import_futurelearn
from database.refresh import rebuild
from queries.courses.funnel import FunnelRow, funnel, most_stuck, steepest_drop, stuck_students
from tests import futurelearn_oracle, oracle, watching_oracle
from tests.builders import (
    NOW,
    a_creator,
    a_file,
    a_progress,
    a_student,
    a_video,
    add,
    change,
    histories,
    refreshed,
    remove,
)
from tests.course_runs import AFTER_THE_RUN
from tests.queries.comparing import assert_same_rows
from tests.typed_rows import a_frame

pytestmark = pytest.mark.usefixtures("shared_database")

THREE_DAYS = timedelta(days=3)


def course_of(source):
    published = [video for video in source.videos if video["status"] == "completed" and video["is_published"]]
    return sorted(published, key=lambda video: (video["position"], video["created_at"], video["id"]))


def places_of(source, course):
    """Student to {place: completed} of the published videos that they started, whichever edition of the file."""
    place_of = {video["id"]: place for place, video in enumerate(course, 1)}
    places = {}
    for row in watching_oracle.watched_videos(source, NOW):
        if row["video_id"] in place_of:
            started, place = places.setdefault(row["student_id"], {}), place_of[row["video_id"]]
            started[place] = started.get(place, False) or row["is_completed"]
    return places


def is_stuck(source, student_id, started, place, now):
    last = max(sign.at for sign in oracle.signs_of_life(source) if sign.student_id == student_id)
    return max(started) == place and not started[place] and now - last > THREE_DAYS


def expected_funnel(source, now):
    course = course_of(source)
    places = places_of(source, course)
    figures = {row["video_id"]: row for row in watching_oracle.video_analytics(source, now)}
    return [
        {
            "place": place,
            "video_id": video["id"],
            "title": video["title"],
            "reached": sum(max(started) >= place for started in places.values()),
            "started": figures[video["id"]]["unique_viewers"],
            "completed": figures[video["id"]]["completions"],
            "stuck": sum(is_stuck(source, who, started, place, now) for who, started in places.items()),
            "course_title": "",
        }
        for place, video in enumerate(course, 1)
    ]


@given(histories(until=NOW))
def test_the_funnel_and_its_stuck_students_equal_plain_python(history):
    creator = refreshed(history)
    source = oracle.source(creator.id)

    expected = expected_funnel(source, NOW)

    assert_same_rows(funnel.fresh(creator.id), expected)
    places = places_of(source, course_of(source))
    for step in expected:
        found = stuck_students.fresh(creator.id, step["video_id"])
        stuck = {who for who, started in places.items() if is_stuck(source, who, started, step["place"], NOW)}
        assert set(found.student_id) == stuck
        assert len(found) == step["stuck"]
        assert found.silent_days.is_monotonic_decreasing


def test_a_later_video_counts_for_the_skipped_ones():
    ada, loops, lists = a_student(), a_video("Loops", position=1), a_video("Lists", position=2)
    creator = a_creator(ada, loops, lists, a_progress(ada, lists, completed=True))

    steps = funnel(creator.id)

    assert steps.title.tolist() == ["Loops", "Lists"]
    assert steps.reached.tolist() == [1, 1]
    assert steps.started.tolist() == [0, 1]


def test_the_funnel_follows_the_order_of_the_course_and_what_is_watched():
    ada, ben, cy = (a_student(name) for name in ("Ada", "Ben", "Cy"))
    videos = [a_video(f"Video {number}", position=number) for number in range(5)]
    progress = [a_progress(ada, videos[number], days_ago=9) for number in (0, 1, 3)]
    creator = a_creator([ada, ben, cy, *videos], progress, [a_progress(ben, videos[2]), a_progress(cy, videos[4])])
    changes = (
        lambda: change(creator, videos[3], position=-1),  # the furthest of one student is now the first
        lambda: change(creator, videos[0], position=7),
        lambda: add(creator, a_progress(ada, videos[2], completed=True)),
        lambda: change(creator, videos[0], status="uploaded"),
        lambda: change(creator, videos[0], status="completed"),
        lambda: remove(creator, progress[0]),
        lambda: change(creator, videos[4], deleted_at=NOW),
        lambda: change(creator, cy, deleted_at=NOW),
        lambda: add(creator, a_file(videos[2]), a_progress(ben, videos[2], completed=True)),
        lambda: change(creator, videos[1], position=8),
    )
    seen = []

    for change_something in changes:
        change_something()
        refreshed(creator)
        steps = funnel.fresh(creator.id)
        assert_same_rows(steps, expected_funnel(oracle.source(creator.id), NOW))
        seen.append((tuple(steps.title), tuple(steps.reached)))
        rebuild(creator.id)
        assert_same_rows(funnel.fresh(creator.id), expected_funnel(oracle.source(creator.id), NOW))

    assert len(set(seen)) >= 6


def test_drafts_deleted_videos_and_students_who_left_are_not_counted():
    here, left = a_student(), a_student("Dan Left", deleted_days_ago=1)
    video, draft, gone = a_video("Loops"), a_video("Draft", status="uploaded"), a_video("Gone", deleted_days_ago=1)
    everybody = [a_progress(student, of) for student in (here, left) for of in (video, draft, gone)]

    steps = funnel(a_creator(here, left, video, draft, gone, everybody).id)

    assert steps.title.tolist() == ["Loops"]
    assert steps.reached.tolist() == [1]


@pytest.mark.parametrize(("silent", "stuck"), [(THREE_DAYS, 0), (THREE_DAYS + timedelta(seconds=1), 1)])
def test_whoever_was_here_within_three_days_is_not_stuck(silent, stuck):
    creator = a_creator(a_student(), a_progress(at=NOW - silent))

    assert funnel(creator.id).stuck.tolist() == [stuck]


def test_whoever_completed_the_last_video_they_started_is_not_stuck():
    creator = a_creator(a_student(), a_progress(days_ago=9, completed=True))

    steps = funnel(creator.id)

    assert steps.stuck.tolist() == [0]
    assert most_stuck(steps) is None


def test_the_longest_silent_comes_first_with_what_they_watched():
    ada, ben, video = a_student("Ada Moss"), a_student("Ben Okoro"), a_video()
    progress = [a_progress(ada, video, days_ago=4, watch_percentage=30), a_progress(ben, video, days_ago=8)]

    found = stuck_students(a_creator(ada, ben, video, progress).id, video.id)

    assert found.name.tolist() == ["Ben Okoro", "Ada Moss"]
    assert found.silent_days.tolist() == pytest.approx([8, 4])
    assert pd.isna(found.watched_percent[0])
    assert found.watched_percent[1] == 30


def steps_that_reached(*reached):
    steps = [
        {"place": place, "title": f"Video {place}", "reached": students}
        for place, students in enumerate(reached, start=1)
    ]
    return a_frame(FunnelRow, *steps)


@pytest.mark.parametrize(
    ("reached", "place", "lost"),
    [
        ((100, 60, 20), 2, 40),  # 40 of 60 is more than 40 of 100
        ((10, 5, 4), 1, 5),
        ((20, 10, 5), 1, 10),  # a tie: the earlier
        ((5, 0), 1, 5),
    ],
)
def test_the_steepest_drop_is_relative_to_those_who_got_there(reached, place, lost):
    drop = steepest_drop(steps_that_reached(*reached))

    assert drop is not None
    assert (drop.place, drop.title, drop.next_title) == (place, f"Video {place}", f"Video {place + 1}")
    assert (drop.reached, drop.lost) == (reached[place - 1], lost)


@pytest.mark.parametrize("reached", [(), (9,), (4, 0), (9, 9, 9), (0, 0)])
def test_no_drop_where_few_were_or_nobody_left(reached):
    assert steepest_drop(steps_that_reached(*reached)) is None


def test_an_outsider_sees_nothing_after_the_owner_warmed_the_cache():
    student, video = a_student(), a_video()
    owner = a_creator(student, video, a_progress(student, video, days_ago=9))
    outsider = a_creator(a_video("Own"))
    assert len(stuck_students(owner.id, video.id)) == 1
    assert funnel(owner.id).stuck.tolist() == [1]

    for of in (funnel, funnel.fresh):
        assert of(outsider.id).title.tolist() == ["Own"]
        assert of(outsider.id).reached.tolist() == [0]
    pd.testing.assert_frame_equal(stuck_students(outsider.id, video.id), stuck_students(outsider.id, uuid4()))
    assert stuck_students(outsider.id, video.id).empty


def test_the_funnel_of_an_imported_run_equals_its_files(course_run, database, monkeypatch):
    folder = course_run.folder
    monkeypatch.setenv("DASHBOARD_NOW", AFTER_THE_RUN.isoformat())
    creator_id = import_futurelearn(folder, f"{course_run.name}, its funnel", timezone=course_run.zone).creator_id

    steps = funnel.fresh(creator_id)

    found = list(zip(steps.title, steps.reached, steps.started, steps.completed, steps.stuck, strict=True))
    assert found == futurelearn_oracle.funnel(folder, AFTER_THE_RUN)
    assert steps.reached.iloc[0] > 0
    for video_id, title, stuck in zip(steps.video_id, steps.title, steps.stuck, strict=True):
        assert len(stuck_students.fresh(creator_id, video_id)) == stuck, title
