"""The answer to programs: its published shape, its figures, its empty places."""

import json
from datetime import timedelta

import pytest

from queries.overview.dashboard import dashboard_response
from queries.periods.period import PERIODS, WEEK
from tests import oracle
from tests.builders import (
    NOW,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_retention_curve,
    a_student,
    a_video,
    a_watch,
    an_answer,
    an_attempt,
    an_event,
)
from tests.queries import expected

pytestmark = pytest.mark.usefixtures("shared_database")

DAY = {"date": None, "count": None}
HOUR = {"hour": None, "count": None}
SHAPE = {
    "students": {
        "total": None,
        "active": None,
        "activePercentage": None,
        "newThisMonth": None,
        "trends": {"active": None, "new": None},
    },
    "progress": {"avgCompletion": None, "videosWatched": None, "quizzesPassed": None},
    "engagement": {"dailyActiveUsers": [DAY] * 7, "peakHours": [HOUR] * 24, "avgSessionTime": None},
    "support": {"questionsAsked": None, "aiAnswered": None, "satisfactionRate": None},
}


def shape(answer):
    """The keys of an answer, in order, without its figures."""
    if isinstance(answer, dict):
        return {key: shape(value) for key, value in answer.items()}
    return [shape(entry) for entry in answer] if isinstance(answer, list) else None


def a_lived_in_creator():
    students = [a_student(f"Student {number}", enrolled_days_ago=7 * number) for number in range(9)]
    videos = [a_video(f"Part {number}") for number in range(3)]
    rows = [a_retention_curve({25: 90, 100: 35}, videos[2])]
    for number, student in enumerate(students):
        rows += [
            a_watch(student, video, days_ago=number * 3 + place / 7, seconds=75) for place, video in enumerate(videos)
        ]
        rows.append(a_progress(student, videos[0], days_ago=number, watch_percentage=10 * number, completed=number > 4))
        rows.append(an_attempt(student, passed=number % 3 > 0, days_ago=number / 2))
        rows.append(a_chat(a_question(rating=0.25), an_answer(), a_question(), student=student, days_ago=number * 5))
        rows.append(an_event(student, days_ago=number * 11))
    return a_creator(students, videos, rows, timezone="America/New_York")


@pytest.mark.parametrize("has_students", [True, False])
def test_the_shape_is_the_published_one_with_and_without_students(has_students):
    creator = a_creator(a_watch()) if has_students else a_creator()

    answer = dashboard_response(creator.id, WEEK)

    assert shape(answer) == SHAPE
    assert json.loads(json.dumps(answer)) == answer


@pytest.mark.parametrize("period", PERIODS.values(), ids=PERIODS)
def test_every_figure_equals_plain_python(period):
    creator = a_lived_in_creator()

    answer = dashboard_response(creator.id, period)

    assert answer == expected.dashboard(oracle.source(creator.id), NOW, period.days)
    assert None not in (answer["engagement"]["avgSessionTime"], answer["students"]["trends"]["active"])


def test_without_students_shares_and_changes_are_null_and_counts_zero():
    answer = dashboard_response(a_creator().id, WEEK)

    assert answer["students"] == {
        "total": 0,
        "active": 0,
        "activePercentage": None,
        "newThisMonth": 0,
        "trends": {"active": None, "new": None},
    }
    assert answer["progress"] == {"avgCompletion": None, "videosWatched": 0, "quizzesPassed": 0}
    assert answer["engagement"]["avgSessionTime"] is None
    assert answer["engagement"]["dailyActiveUsers"][-1] == {"date": "2026-03-04", "count": 0}
    assert [hour["hour"] for hour in answer["engagement"]["peakHours"]] == list(range(24))


@pytest.mark.parametrize(
    ("ratings", "rate"),
    [((1, 0, 0, 0, 0, 0, 0, 0), 0.13), ((0.285,), 0.29), ((1, 1, 0), 0.67), ((0,), 0.0), ((None,), None)],
)
def test_the_satisfaction_rate_has_two_digits_and_halves_go_up(ratings, rate):
    creator = a_creator(a_chat(*(a_question(rating=rating) for rating in ratings)))

    assert dashboard_response(creator.id, WEEK)["support"]["satisfactionRate"] == rate


@pytest.mark.parametrize(("share", "completion"), [(62.4, 62), (62.5, 63), (0.49, 0), (100, 100)])
def test_the_completion_rate_is_whole_percent(share, completion):
    creator = a_creator(a_progress(watch_percentage=share))

    assert dashboard_response(creator.id, WEEK)["progress"]["avgCompletion"] == completion


def test_session_time_is_in_minutes():
    creator = a_creator(an_event(at=NOW - timedelta(minutes=28)), an_event(at=NOW))

    assert dashboard_response(creator.id, WEEK)["engagement"]["avgSessionTime"] == 28
