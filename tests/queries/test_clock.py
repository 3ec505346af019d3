"""The clock in the middle of what is loaded: the figures of its day go up to it, as if nothing followed."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from queries.overview.engagement import (
    active_in_period,
    average_session_minutes,
    daily_active_users,
    daily_completion,
    daily_satisfaction,
    peak_hours,
)
from queries.overview.good_news import returned_students
from queries.overview.headline import overview_stats
from queries.periods.period import MONTH, WEEK
from queries.students.lists import StudentFilters, at_risk_students, most_at_risk, students
from tests import activity_oracle, oracle
from tests.builders import (
    NOW,
    ACreator,
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
from tests.oracle import Source
from tests.queries import expected
from tests.queries.comparing import rows_of
from tests.queries.students import student_expected

pytestmark = pytest.mark.usefixtures("shared_database")

DAYS = 3
HOURS = [NOW - timedelta(hours=hours) for hours in range(24 * DAYS)]
MINUTE = timedelta(minutes=1)
AT_ANY_HOUR = pytest.mark.parametrize("now", HOURS[::5], ids=lambda now: f"{now:%d_%H}")


@pytest.fixture(scope="module")
def school(shared_database: object) -> tuple[ACreator, Source]:
    """Students who come and go on the last three days and before, never on a full hour; loaded up to NOW."""
    chance = Random(7)
    people = [a_student(f"Student {number}", enrolled_days_ago=90) for number in range(10)]
    rows = []
    for number, one in enumerate(people[:9]):
        # The last few were silent for long before these days.
        days = chance.sample(range(18, 60), 5) if number > 5 else chance.sample(range(DAYS, 30), 6)
        minutes = [24 * 60 * day + chance.randrange(1, 24 * 60) for day in days]
        minutes += [chance.randrange(1, 24 * 60 * DAYS) for _ in range(8)]
        rows += [an_event(one, at=NOW - MINUTE * (minute + (minute % 60 == 0))) for minute in minutes]
        rows += [
            an_attempt(one, passed=chance.random() < 0.3, at=NOW - MINUTE * 61 * place)  # type: ignore[misc]
            for place in range(1, 30, 7)
        ]
    creator = a_creator(people, rows, timezone="Asia/Kolkata")
    return creator, oracle.source(creator.id)


@AT_ANY_HOUR
def test_the_days_the_hours_and_who_was_active(school, now: datetime, monkeypatch):
    creator, source = school
    monkeypatch.setenv("DASHBOARD_NOW", now.isoformat())

    found = rows_of(daily_active_users.fresh(creator.id, WEEK))
    wanted = expected.daily_active_users(source, now, WEEK.days)
    columns = ("activity_date", "active_students", "signs_of_life")
    assert [[row[column] for column in columns] for row in found] == [
        [row[column] for column in columns] for row in wanted
    ]
    assert rows_of(peak_hours.fresh(creator.id, WEEK)) == expected.peak_hours(source, now, WEEK.days)
    for period in (WEEK, MONTH):
        active = active_in_period.fresh(creator.id, period)
        assert vars(active) == expected.active_in_period(source, now, period.days)
    stats = overview_stats.fresh(creator.id)
    assert stats.active_students_7d == expected.active_students(source, now, 7)
    assert (stats.active_this_week, stats.active_week_before) == expected.seen_on_days(source, now, 7)


@AT_ANY_HOUR
def test_a_visit_that_goes_on_lasts_until_now(school, now: datetime, monkeypatch):
    creator, source = school
    monkeypatch.setenv("DASHBOARD_NOW", now.isoformat())
    first_day = expected.local_date(source, now) - timedelta(days=WEEK.days - 1)
    seconds = [
        (min(visit["ended_at"], now) - visit["started_at"]).total_seconds()
        for visit in activity_oracle.visits(source, NOW)
        if visit["started_at"] <= now and expected.local_date(source, visit["started_at"]) >= first_day
    ]

    assert average_session_minutes.fresh(creator.id, WEEK) == pytest.approx(sum(seconds) / len(seconds) / 60)


@AT_ANY_HOUR
def test_who_is_silent_and_how_often_they_came(school, now: datetime, monkeypatch):
    creator, source = school
    monkeypatch.setenv("DASHBOARD_NOW", now.isoformat())
    last = {one["id"]: activity_oracle.last_active(source, one["id"], NOW, now) for one in source.students}

    listed = rows_of(students.fresh(creator.id, StudentFilters()).students)
    assert {row["student_id"]: row["last_active"] for row in listed} == last
    in_order = sorted((at for at in last.values() if at), reverse=True)
    assert [row["last_active"] for row in listed] == [*in_order, *[None] * (len(listed) - len(in_order))]
    worst = rows_of(at_risk_students.fresh(creator.id))
    wanted = expected.at_risk_students(source, now)
    columns = ("student_id", "silent_days", "usual_gap_days", "failed_in_a_row")
    assert [[row[column] for column in columns] for row in worst] == [
        [row["student_id"], *(pytest.approx(row[column], nan_ok=True) for column in columns[1:])] for row in wanted
    ]
    counted = most_at_risk.fresh(creator.id, 2)
    assert (counted.total, rows_of(counted.students)) == (len(wanted), worst[:2])


@AT_ANY_HOUR
def test_who_came_back(school, now: datetime, monkeypatch):
    creator, source = school
    monkeypatch.setenv("DASHBOARD_NOW", now.isoformat())

    found = rows_of(returned_students.fresh(creator.id, WEEK))

    assert [(row["student_id"], row["return_date"].date(), row["gap_days"]) for row in found] == sorted(
        returns(source, now, WEEK.days), key=lambda one: (-one[2], one[0])
    )


def returns(source: Source, now: datetime, days: int) -> list[tuple[UUID, object, int]]:
    """Students whose newest return of the period ended a silence of over 14 days."""
    first_day = expected.local_date(source, now) - timedelta(days=days - 1)
    found = []
    for one in source.students:
        long = [
            (one["id"], back, gap)
            for _, back, gap in student_expected.silences(source, one["id"], now)
            if gap > 14 and back >= first_day
        ]
        found += long[-1:]
    return found  # type: ignore[return-value]


def test_ratings_and_watched_shares_of_today_go_up_to_now(monkeypatch):
    ada, before, after = a_student(), a_video(), a_video()
    creator = a_creator(
        [ada, before, after],
        a_progress(ada, before, at=NOW - timedelta(hours=3), watch_percentage=40),
        a_progress(ada, after, at=NOW - timedelta(hours=1), watch_percentage=90),
        a_chat(a_question(rating=0.25), an_answer(), student=ada, at=NOW - timedelta(hours=3)),
        a_chat(a_question(rating=1), an_answer(), student=ada, at=NOW - timedelta(hours=1)),
        a_chat(a_question(rating=0.5), an_answer(), student=ada, days_ago=1),
    )
    monkeypatch.setenv("DASHBOARD_NOW", (NOW - timedelta(hours=2)).isoformat())

    shares = daily_completion.fresh(creator.id, WEEK)
    ratings = daily_satisfaction.fresh(creator.id, WEEK)

    assert shares[["watched_share_sum", "videos_watched"]].tail(2).values.tolist() == [[0, 0], [40, 1]]
    assert ratings[["rating_sum", "ratings"]].tail(2).values.tolist() == [[0.5, 1], [0.25, 1]]


def test_there_is_something_after_every_hour(school):
    _, source = school

    assert all(any(sign.at > now for sign in activity_oracle.activities(source, NOW)) for now in HOURS[1:])
    assert {len(returns(source, now, WEEK.days)) for now in HOURS} > {0}
