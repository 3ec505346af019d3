"""Changes compare whole days: the running day, and the day beside it, are left out."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from database.clock import as_of
from queries.overview.engagement import active_in_period, daily_active_users
from queries.periods.chosen_period import local_day, running_day
from queries.periods.period import MONTH, WEEK, resolve
from queries.periods.whole_days import whole_days, whole_period
from queries.quizzes.results import period_results
from tests.builders import NOW, a_creator, a_student, an_attempt, an_event

pytestmark = pytest.mark.usefixtures("shared_database")

TODAY = date(2026, 3, 4)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("7d", ("2026-02-26", "2026-03-03", "2026-02-19", "2026-02-24")),
        ("this-month", ("2026-03-01", "2026-03-03", "2026-02-01", "2026-02-03")),
        ("2026-03-02..2026-03-04", ("2026-03-02", "2026-03-03", "2026-02-27", "2026-02-28")),
    ],
)
def test_the_running_day_and_the_day_beside_it_are_left_out(key, wanted):
    whole = whole_period(resolve(key, TODAY), TODAY)

    assert tuple(day.isoformat() for day in vars(whole.windows).values()) == wanted
    assert whole.days == whole.windows.days


def test_of_a_month_that_is_longer_than_the_one_before_all_of_that_one_stays():
    today = date(2026, 3, 31)

    whole = whole_period(resolve("this-month", today), today).windows

    assert (whole.last_day, whole.compared_last_day) == (date(2026, 3, 30), date(2026, 2, 28))


def test_of_a_day_that_has_begun_nothing_is_whole():
    assert whole_period(resolve("2026-03-04..2026-03-04", TODAY), TODAY) is None
    assert whole_period(MONTH, None) is MONTH


@pytest.mark.parametrize(
    ("at", "key", "running"),
    [
        (NOW, "7d", TODAY),
        (NOW, "this-month", TODAY),
        (NOW, "last-month", None),
        (datetime(2026, 3, 4, 23, 59, 59, 999999, tzinfo=UTC), "7d", None),  # nothing more can happen on it
        (datetime(2026, 3, 4, 0, 0, tzinfo=UTC), "7d", TODAY),
    ],
)
def test_a_day_runs_until_its_last_moment(at, key, running):
    creator = a_creator()

    with as_of(at):
        assert running_day(creator.id, resolve(key, local_day(creator.id).today)) == running


def test_a_day_that_has_just_begun_looks_like_no_fall(monkeypatch):
    people = [a_student(f"Student {number}", enrolled_days_ago=90) for number in range(3)]
    midnight = NOW.replace(hour=0)
    rows = [an_event(one, at=midnight - timedelta(days=day, hours=-1)) for one in people for day in range(1, 30)]
    tried = [an_attempt(people[0], at=midnight - timedelta(days=day, hours=-1)) for day in range(1, 30)]
    creator = a_creator(people, rows, tried)
    monkeypatch.setenv("DASHBOARD_NOW", (midnight + timedelta(minutes=1)).isoformat())

    running = running_day(creator.id, WEEK)
    whole = whole_period(WEEK, running)
    days = whole_days(daily_active_users.fresh(creator.id, WEEK), running)

    sums = days.groupby("window")["active_students"].sum()
    assert sums["this"] == sums["previous"] == 18
    results = period_results.fresh(creator.id, whole)
    assert (results.attempts, results.attempts_before) == (6, 6)
    assert active_in_period.fresh(creator.id, whole).change_percent == 0
    assert period_results.fresh(creator.id, WEEK).attempts == 6 < period_results.fresh(creator.id, WEEK).attempts_before


def test_without_a_running_day_every_row_stays():
    days = pd.DataFrame({"shown_at": pd.to_datetime(["2026-03-03", "2026-03-04"])})

    assert whole_days(days, None) is days
    assert len(whole_days(days, TODAY)) == 1
