"""Who needs attention, who does well."""

from datetime import timedelta

import pytest

from queries.students.lists import at_risk_students, top_performers
from tests.builders import (
    NOW,
    a_creator,
    a_progress,
    a_quiz,
    a_student,
    a_video,
    an_attempt,
    an_event,
)

pytestmark = pytest.mark.usefixtures("shared_database")


def at_risk(*rows):
    return at_risk_students.fresh(a_creator(*rows).id)


def test_the_longest_silent_come_first_and_none_is_left_out():
    silences = [8, 400, 15, 30, 7.5, *range(40, 70)]
    people = [
        (student := a_student(f"{days}", enrolled_days_ago=500), an_event(student, days_ago=days)) for days in silences
    ]

    listed = at_risk(*people)

    assert listed.name.tolist() == [f"{days}" for days in sorted(silences, reverse=True)]


@pytest.mark.parametrize(
    ("silence", "is_listed"),
    [(timedelta(days=7), False), (timedelta(days=7, microseconds=1), True), (timedelta(days=14, microseconds=1), True)],
)
def test_the_list_begins_after_seven_days(silence, is_listed):
    assert len(at_risk(an_event(at=NOW - silence))) == is_listed


def test_who_never_started_is_silent_since_enrolment():
    listed = at_risk(a_student("Early", enrolled_days_ago=20), a_student("Late", enrolled_days_ago=6))

    assert listed.name.tolist() == ["Early"]
    assert listed.silent_days.tolist() == [20]
    assert listed.last_active.isna().all()


def test_who_finished_every_published_video_is_left_out():
    videos = [a_video(), a_video(), a_video(status="processing"), a_video(deleted_days_ago=1)]
    done, almost = a_student("Done"), a_student("Almost")
    watched = [a_progress(done, video, days_ago=20, completed=True) for video in videos[:2]]

    listed = at_risk(videos, done, almost, watched, a_progress(almost, videos[0], days_ago=20, completed=True))

    assert listed.name.tolist() == ["Almost"]


def test_nobody_has_finished_where_nothing_is_published():
    assert len(at_risk(a_student(enrolled_days_ago=20), a_video(status="uploaded"))) == 1


@pytest.mark.parametrize(("days_ago", "gap"), [((10, 12, 20), 5), ((10, 10.1, 12, 20), 5), ((9, 10, 11), 1)])
def test_the_usual_gap_lies_between_days_with_a_sign_of_life(days_ago, gap):
    listed = at_risk([an_event(days_ago=days) for days in days_ago])

    assert listed.usual_gap_days.tolist() == [gap]


def test_two_days_tell_no_usual_gap():
    listed = at_risk(an_event(days_ago=10), an_event(days_ago=10.1), an_event(days_ago=20))

    assert listed.usual_gap_days.isna().all()


@pytest.mark.parametrize(
    ("outcomes", "failed"),
    [([], 0), ([False], 1), ([True], 0), ([False, True], 0), ([True, False, False], 2), ([False, True, False], 1)],
)
def test_failed_in_a_row_counts_back_to_the_last_pass(outcomes, failed):
    attempts = [an_attempt(passed=passed, days_ago=30 - place) for place, passed in enumerate(outcomes)]

    listed = at_risk(a_student(enrolled_days_ago=40), attempts)

    assert listed.failed_in_a_row.tolist() == [failed]


@pytest.mark.parametrize("last_passed", [True, False])
def test_of_attempts_in_the_same_second_the_later_number_is_the_later_one(last_passed):
    for _ in range(5):  # ids are random: by chance they would tell the order right
        attempts = [an_attempt(passed=passed, days_ago=20) for passed in (not last_passed, last_passed)]

        assert at_risk(attempts).failed_in_a_row.tolist() == [0 if last_passed else 1]


def test_failures_of_others_and_on_several_quizzes():
    ada, bo = a_student("Ada"), a_student("Bo")
    one, other = a_quiz(), a_quiz()
    listed = at_risk(
        [ada, bo, one, other],
        an_attempt(ada, one, passed=True, days_ago=30),
        an_attempt(ada, other, passed=False, days_ago=29),
        an_attempt(ada, one, passed=False, days_ago=28),
        an_attempt(bo, one, passed=False, days_ago=27),
    )

    assert dict(zip(listed.name, listed.failed_in_a_row, strict=True)) == {"Ada": 2, "Bo": 1}


def test_top_performers_by_videos_then_quizzes_then_points():
    videos = [a_video(), a_video()]
    people = {
        "two videos": (2, 0, 0),
        "a video and a quiz": (1, 1, 0),
        "a video and points": (1, 0, 50),
        "a video": (1, 0, 0),
        "only points": (0, 0, 900),
    }
    rows = []
    for name, (completed, passed, points) in reversed(people.items()):
        one = a_student(name, xp_points=points)
        rows += [one, [a_progress(one, video, completed=True) for video in videos[:completed]]]
        rows += [an_attempt(one, passed=True) for _ in range(passed)]

    best = top_performers.fresh(a_creator(videos, rows).id)

    assert best.name.tolist() == list(people)[:4]


def test_top_performers_are_as_many_as_asked_for():
    people = [a_student() for _ in range(12)]
    creator = a_creator(people, [a_progress(one, completed=True) for one in people])

    assert len(top_performers.fresh(creator.id)) == 10
    assert len(top_performers.fresh(creator.id, limit=3)) == 3
    assert len(top_performers.fresh(creator.id, 100)) == 12
