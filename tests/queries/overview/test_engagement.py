"""Periods: just before, first, last and just after, in the creator's days."""

from datetime import UTC, datetime, timedelta

import pytest

from queries.overview.engagement import (
    active_in_period,
    average_session_minutes,
    daily_active_users,
    daily_completion,
    daily_satisfaction,
    daily_total_students,
    peak_hours,
)
from queries.periods.period import PERIODS, WEEK
from tests.builders import (
    NOW,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_segment,
    a_student,
    a_watch,
    an_answer,
    an_event,
)

pytestmark = pytest.mark.usefixtures("shared_database")

every_period = pytest.mark.parametrize("period", PERIODS.values(), ids=PERIODS)
INSTANT = timedelta(microseconds=1)
# NOW is 17:30 on 4 March in Kolkata; that day began at 18:30 UTC and ends there.
KOLKATA = "Asia/Kolkata"
DAY_START = datetime(2026, 3, 3, 18, 30, tzinfo=UTC)
DAY_END = DAY_START + timedelta(days=1)


def first_instant(period):
    return DAY_START - timedelta(days=period.days - 1)


def test_a_day_is_a_day_however_long_the_clocks_make_it(monkeypatch):
    monkeypatch.setenv("DASHBOARD_NOW", "2025-11-03T12:00:00Z")  # the day before had 25 hours in New York
    ends = [datetime(2025, 11, 2, 4, tzinfo=UTC), datetime(2025, 11, 3, 4, 59, 59, tzinfo=UTC)]
    creator = a_creator(events=[an_event(at=at) for at in ends], timezone="America/New_York")

    days = daily_active_users.fresh(creator.id, WEEK)

    assert days.set_index("activity_date").signs_of_life["2025-11-02"] == 2


def test_watching_one_video_on_five_days_counts_on_five_days():
    creator = a_creator(watches=[a_watch(days_ago=days) for days in range(5)])

    days = daily_active_users.fresh(creator.id, WEEK)

    assert days.query("window == 'this'").active_students.tolist() == [0, 0, 1, 1, 1, 1, 1]
    assert days.query("window == 'this'").watched_minutes.tolist() == [0, 0, 1, 1, 1, 1, 1]


@every_period
def test_every_day_of_two_periods_has_a_row_beside_which_the_other_stands(period):
    days = daily_active_users.fresh(a_creator(timezone=KOLKATA).id, period)

    assert days.activity_date.diff().dropna().dt.days.unique().tolist() == [1]
    assert days.window.tolist() == ["previous"] * period.days + ["this"] * period.days
    assert days.shown_at.tolist() == [*days.activity_date.tail(period.days)] * 2
    assert days.activity_date.iloc[-1].date().isoformat() == "2026-03-04"


@every_period
@pytest.mark.parametrize(
    ("edge", "place"),
    [
        ("just before the period", "before"),
        ("first", "first"),
        ("last", "last"),
        ("later today", None),
        ("just after", None),
        ("just before the period before", None),
    ],
)
def test_the_edges_of_the_days(period, edge, place):
    at = {
        "just before the period": first_instant(period) - INSTANT,
        "first": first_instant(period),
        "last": NOW,
        "later today": NOW + INSTANT,
        "just after": DAY_END,
        "just before the period before": first_instant(period) - timedelta(days=period.days) - INSTANT,
    }[edge]
    student = a_student(created_at=NOW - timedelta(days=400))
    creator = a_creator(
        student,
        a_progress(student, at=at, watch_percentage=50),
        a_chat(a_question(rating=0.5), an_answer(), student=student, at=at),
        timezone=KOLKATA,
    )

    places = {"before": period.days - 1, "first": period.days, "last": 2 * period.days - 1}
    alone = [int(row == places.get(place)) for row in range(2 * period.days)]
    assert daily_active_users.fresh(creator.id, period).active_students.tolist() == alone
    assert daily_completion.fresh(creator.id, period).watched_share_sum.tolist() == [50 * one for one in alone]
    assert daily_satisfaction.fresh(creator.id, period).rating_sum.tolist() == [0.5 * one for one in alone]
    seen = active_in_period.fresh(creator.id, period)
    assert (seen.seen_this_period, seen.seen_period_before) == (int(place in ("first", "last")), int(place == "before"))
    assert peak_hours.fresh(creator.id, period).signs_of_life.sum() == int(place in ("first", "last"))


@every_period
@pytest.mark.parametrize(
    ("before_now", "is_active"),
    [
        (lambda days: timedelta(days=days) + INSTANT, False),
        (lambda days: timedelta(days=days), True),
        (lambda days: timedelta(0), True),
        (lambda days: -INSTANT, False),
    ],
    ids=["just before", "first", "last", "just after"],
)
def test_the_edges_of_the_hours_ending_now(period, before_now, is_active):
    creator = a_creator(events=an_event(at=NOW - before_now(period.days)))

    assert active_in_period.fresh(creator.id, period).active_students == is_active


def test_a_sign_after_now_does_not_hide_one_in_the_period():
    student = a_student()
    creator = a_creator(student, an_event(student, days_ago=3), an_event(student, at=NOW + timedelta(days=30)))

    assert active_in_period.fresh(creator.id, WEEK).active_students == 1


@every_period
@pytest.mark.parametrize(
    ("edge", "counts"), [("just before", False), ("first", True), ("last", True), ("just after", False)]
)
def test_the_edges_of_sessions(period, edge, counts):
    started_at = {
        "just before": first_instant(period) - INSTANT,
        "first": first_instant(period),
        "last": NOW,
        "just after": NOW + INSTANT,
    }[edge]
    creator = a_creator(segments=a_segment(at=started_at, seconds=90), timezone=KOLKATA)

    assert average_session_minutes.fresh(creator.id, period) == (1.5 if counts else None)


def test_sessions_end_after_half_an_hour_without_a_sign():
    minutes = [0, 30, 60, 91]  # the last begins a session of its own
    events = [an_event(at=NOW - timedelta(hours=5) + timedelta(minutes=minute)) for minute in minutes]

    assert average_session_minutes.fresh(a_creator(events=events).id, WEEK) == (60 + 0) / 2


@pytest.mark.parametrize(("timezone", "hour"), [("UTC", 20), (KOLKATA, 1), ("Australia/Lord_Howe", 7)])
def test_hours_are_the_creators_hours(timezone, hour):
    creator = a_creator(events=an_event(at=datetime(2026, 3, 1, 20, 15, tzinfo=UTC)), timezone=timezone)

    hours = peak_hours.fresh(creator.id, WEEK)

    assert hours.hour.tolist() == list(range(24))
    assert hours[hours.signs_of_life > 0].hour.tolist() == [hour]


@every_period
def test_total_students_grow_on_the_local_day_of_enrolment(period):
    first_day = DAY_START - timedelta(days=2 * period.days - 1)
    instants = [first_day - timedelta(days=300), first_day - INSTANT, first_day, DAY_END - INSTANT, DAY_END]
    creator = a_creator([a_student(created_at=at) for at in instants], timezone=KOLKATA)

    totals = daily_total_students.fresh(creator.id, period).total_students.tolist()

    assert totals == [3] * (2 * period.days - 1) + [4]


def test_a_change_against_nothing_is_none():
    creator = a_creator(events=an_event(days_ago=1))

    assert active_in_period.fresh(creator.id, WEEK).change_percent is None
