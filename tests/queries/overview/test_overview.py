"""The headline figures at the edges of weeks, months and zones."""

from datetime import UTC, datetime, timedelta

import pytest

from queries.overview.headline import overview_stats
from tests.builders import (
    NOW,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_student,
    a_video,
    an_answer,
    an_attempt,
    an_event,
)

pytestmark = pytest.mark.usefixtures("shared_database")


def enrolled_on(*days: str):
    """A student enrolled at noon (UTC) of each day."""
    return [a_student(created_at=datetime.fromisoformat(f"{day}T12:00:00+00:00")) for day in days]


def new_students(monkeypatch, now: str, *students, timezone="UTC"):
    """The new students of this month and of the same days of last month, seen at an instant."""
    monkeypatch.setenv("DASHBOARD_NOW", now)
    stats = overview_stats.fresh(a_creator(students=students, timezone=timezone).id)
    return stats.new_this_month, stats.new_last_month


def test_a_creator_without_anything_has_zeros_and_no_shares():
    stats = overview_stats.fresh(a_creator().id)

    assert (stats.total_students, stats.active_students_7d, stats.videos_watched, stats.questions_asked) == (0, 0, 0, 0)
    assert (stats.active_percentage, stats.active_change_percent, stats.new_change_percent) == (None, None, None)
    assert (stats.avg_completion_percent, stats.satisfaction_rate) == (None, None)


def test_the_last_day_of_a_long_month_is_compared_with_the_whole_short_one(monkeypatch):
    students = enrolled_on("2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01", "2026-03-02", "2026-03-31")

    assert new_students(monkeypatch, "2026-03-31T23:00:00Z", students) == (3, 2)


def test_the_first_of_a_month_is_compared_with_the_first_of_the_last(monkeypatch):
    students = enrolled_on("2026-01-31", "2026-02-01", "2026-02-02", "2026-02-28", "2026-03-01")

    assert new_students(monkeypatch, "2026-03-01T23:00:00Z", students) == (1, 1)


def test_the_last_day_of_a_short_month_leaves_out_the_end_of_the_long_one(monkeypatch):
    students = enrolled_on("2026-01-01", "2026-01-28", "2026-01-29", "2026-01-31", "2026-02-28")

    assert new_students(monkeypatch, "2026-02-28T23:00:00Z", students) == (1, 2)


def test_january_is_compared_with_december(monkeypatch):
    students = enrolled_on("2025-01-02", "2025-12-01", "2025-12-31", "2026-01-01")

    assert new_students(monkeypatch, "2026-01-02T12:00:00Z", students) == (1, 1)


@pytest.mark.parametrize(("timezone", "new"), [("Asia/Kolkata", (1, 0)), ("UTC", (1, 1)), ("America/New_York", (1, 1))])
def test_months_begin_in_the_creators_zone(monkeypatch, timezone, new):
    # In Kolkata it is 1 March, half past two, and the first of February has nobody; elsewhere it is still
    # February, of which the student is too, and January has one.
    an_hour_ago = a_student(created_at=datetime(2026, 2, 28, 20, tzinfo=UTC))

    assert (
        new_students(monkeypatch, "2026-02-28T21:00:00Z", an_hour_ago, enrolled_on("2026-01-05"), timezone=timezone)
        == new
    )


def test_who_left_and_who_enrols_tomorrow_are_not_new(monkeypatch):
    left = a_student(created_at=datetime(2026, 3, 2, tzinfo=UTC), deleted_days_ago=1)

    assert new_students(monkeypatch, "2026-03-04T12:00:00Z", left, enrolled_on("2026-03-05")) == (0, 0)


@pytest.mark.parametrize(
    ("silence", "is_active"),
    [
        (timedelta(0), True),
        (timedelta(days=7), True),
        (timedelta(days=7, microseconds=1), False),
    ],
)
def test_active_means_a_sign_of_life_in_the_168_hours_ending_now(silence, is_active):
    creator = a_creator(events=an_event(at=NOW - silence))

    assert overview_stats.fresh(creator.id).active_students_7d == is_active


@pytest.mark.parametrize(("days_ago", "active"), [(None, 0), (8, 0), (3, 1)])
def test_a_sign_after_now_makes_nobody_active(days_ago, active):
    student = a_student()
    before = [] if days_ago is None else an_event(student, days_ago=days_ago)
    creator = a_creator(student, before, an_event(student, at=NOW + timedelta(days=2)))

    stats = overview_stats.fresh(creator.id)

    assert (stats.active_students_7d, stats.active_students_30d) == (active, int(days_ago is not None))


def test_a_student_of_both_weeks_counts_in_both():
    both, only_before = a_student(), a_student()
    creator = a_creator(
        both,
        only_before,
        events=[an_event(both, days_ago=1), an_event(both, days_ago=8), an_event(only_before, days_ago=9)],
    )

    stats = overview_stats.fresh(creator.id)

    assert (stats.active_this_week, stats.active_week_before, stats.active_change_percent) == (1, 2, -50)


def test_totals_are_not_multiplied_by_one_another():
    ada, bo = a_student(), a_student()
    videos = [a_video() for _ in range(3)]
    creator = a_creator(
        students=[ada, bo],
        videos=videos,
        watched=[a_progress(ada, video, watch_percentage=40) for video in videos]
        + [a_progress(bo, videos[0], watch_percentage=80)],
        attempts=[an_attempt(ada, passed=True), an_attempt(ada, passed=False), an_attempt(bo, passed=True)],
        chats=[a_chat(a_question(rating=1), an_answer(), a_question(), student=ada)],
    )

    stats = overview_stats.fresh(creator.id)

    assert (stats.total_students, stats.total_videos, stats.videos_watched) == (2, 3, 4)
    assert (stats.quiz_attempts, stats.quizzes_passed) == (3, 2)
    assert (stats.questions_asked, stats.questions_answered, stats.satisfaction_rate) == (2, 1, 1)
    assert stats.avg_completion_percent == 50
