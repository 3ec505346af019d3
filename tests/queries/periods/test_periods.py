"""Which days a period has, and which ones stand beside them: months, leap days, years, runs, two dates."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.periods.period import MONTH, PERIODS, WEEK, Run, Windows, range_key, resolve
from queries.periods.phrases import compared, compared_in_short, in_compared, in_period

TODAY = date(2026, 3, 31)
SPRING, AUTUMN = "run:00000000-0000-0000-0000-000000000001", "run:00000000-0000-0000-0000-000000000002"
RUNS = {SPRING: Run("Spring", date(2026, 3, 1)), AUTUMN: Run("Autumn", date(2025, 9, 1))}
DAY = timedelta(days=1)


def days(key, today=TODAY, compare="before", runs=None):
    windows = resolve(key, today, compare, runs).windows
    return tuple(f"{day:%Y-%m-%d}" for day in vars(windows).values())


@pytest.mark.parametrize(
    ("key", "today", "wanted"),
    [
        ("this-month", date(2026, 3, 31), ("2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28")),
        ("this-month", date(2026, 3, 1), ("2026-03-01", "2026-03-01", "2026-02-01", "2026-02-01")),
        ("this-month", date(2026, 1, 15), ("2026-01-01", "2026-01-15", "2025-12-01", "2025-12-15")),
        ("last-month", date(2026, 3, 31), ("2026-02-01", "2026-02-28", "2026-01-01", "2026-01-31")),
        ("last-month", date(2026, 1, 1), ("2025-12-01", "2025-12-31", "2025-11-01", "2025-11-30")),
        ("last-month", date(2028, 3, 2), ("2028-02-01", "2028-02-29", "2028-01-01", "2028-01-31")),
        ("2026-01-05..2026-02-10", TODAY, ("2026-01-05", "2026-02-10", "2025-11-29", "2026-01-04")),
        ("2028-02-29..2028-02-29", date(2028, 3, 2), ("2028-02-29", "2028-02-29", "2028-02-28", "2028-02-28")),
        ("2026-02-10..2026-01-05", TODAY, ("2026-01-05", "2026-02-10", "2025-11-29", "2026-01-04")),
        ("2026-03-30..2026-12-31", TODAY, ("2026-03-30", "2026-03-31", "2026-03-28", "2026-03-29")),
    ],
)
def test_the_days_of_a_period_and_those_before_it(key, today, wanted):
    assert days(key, today) == wanted


@pytest.mark.parametrize(
    ("key", "today", "wanted"),
    [
        ("7d", TODAY, ("2026-03-25", "2026-03-31", "2025-03-25", "2025-03-31")),
        ("this-month", date(2028, 2, 29), ("2028-02-01", "2028-02-29", "2027-02-01", "2027-02-28")),
        ("2024-02-29..2024-03-01", TODAY, ("2024-02-29", "2024-03-01", "2023-02-28", "2023-03-01")),
    ],
)
def test_the_same_period_of_last_year(key, today, wanted):
    assert days(key, today, "last-year") == wanted


def test_the_days_since_the_start_of_a_run_stand_beside_the_same_days_of_another():
    since = ("2026-03-01", "2026-03-31")

    assert days(SPRING, runs=RUNS) == (*since, "2026-01-29", "2026-02-28")
    assert days("run", runs=RUNS | {"run": RUNS[SPRING]})[:2] == since
    assert days(SPRING, compare=AUTUMN, runs=RUNS) == (*since, "2025-09-01", "2025-10-01")


def test_a_week_of_a_run_stands_beside_the_same_week_of_another():
    found = days("7d", compare=AUTUMN, runs=RUNS | {"run": RUNS[SPRING]})

    assert found == ("2026-03-25", "2026-03-31", "2025-09-25", "2025-10-01")


@pytest.mark.parametrize(
    ("key", "compare", "said"),
    [
        ("14d", "before", '"14d"; choose one of 7d, 30d, 90d, this-month, last-month, run'),
        ("", "before", '""; choose one of'),
        ("2026-02-30..2026-03-01", "before", "2026-01-05..2026-02-10"),
        ("1899-01-01..2026-03-01", "before", "from 1990-01-01 on"),
        ("2026-04-01..2026-04-02", "before", "has not begun; today is 2026-03-31"),
        ("run", "before", "no run with a start is chosen"),
        ("run:00000000-0000-0000-0000-000000000003", "before", f"these are: {SPRING}, {AUTUMN}"),
        ("30d", "the-moon", '"the-moon"; choose one of before, last-year or run:<id>'),
        ("30d", "run:00000000-0000-0000-0000-000000000003", "no such run"),
        (AUTUMN, SPRING, "has not been going for so long"),
    ],
)
def test_what_is_no_period_is_refused_with_what_would_do(key, compare, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        resolve(key, TODAY, compare, RUNS)


def test_the_usual_periods_are_reckoned_from_the_clock_of_each_query():
    for key, period in PERIODS.items():
        assert resolve(key, TODAY) is period
        assert period.parameters == {"days": period.days} | dict.fromkeys(vars(Windows(*[TODAY] * 4)))


dates = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@given(dates, st.integers(0, 800), dates)
def test_as_many_days_stand_right_before_any_two_dates(first, more, today):
    last = first + timedelta(days=more)
    if first > today:
        return
    found = resolve(range_key(first, last), today).windows

    assert (found.first_day, found.last_day) == (first, min(last, today))
    assert found.compared_last_day == first - DAY
    assert found.compared_last_day - found.compared_first_day == found.last_day - found.first_day


@given(dates)
def test_months_are_those_of_the_calendar(today):
    this, last = resolve("this-month", today).windows, resolve("last-month", today).windows

    assert (this.first_day.day, this.last_day, this.first_day.month) == (1, today, today.month)
    assert this.compared_first_day == last.first_day
    assert last.last_day == this.first_day - DAY
    assert this.compared_last_day.day == min(today.day, last.last_day.day)
    assert last.compared_last_day == last.first_day - DAY
    assert last.compared_first_day.day == 1


@pytest.mark.parametrize(
    ("key", "compare", "words"),
    [
        ("7d", "before", ("7 days", "in the last 7 days", "in the 7 days before", "prev. 7 d")),
        ("7d", "last-year", ("7 days", "in the last 7 days", "from 25 to 31 Mar 2025", "last year")),
        ("this-month", "before", ("March 2026", "in March 2026 so far", "from 1 to 28 Feb 2026", "1 to 28 Feb")),
        ("last-month", "before", ("February 2026", "in February 2026", "from 1 to 31 Jan 2026", "January")),
        (
            "2025-12-30..2026-01-02",
            "before",
            (
                "30 Dec 2025 to 2 Jan 2026",
                "from 30 Dec 2025 to 2 Jan 2026",
                "from 26 to 29 Dec 2025",
                "prev. 4 d",
            ),
        ),
        ("2026-03-01..2026-03-01", "before", ("1 Mar 2026", "on 1 Mar 2026", "on 28 Feb 2026", "prev. 1 d")),
        (SPRING, AUTUMN, ("31 days of Spring", "since the start of Spring", "in the same days of Autumn", "Autumn")),
    ],
)
def test_a_period_in_words(key, compare, words):
    period = resolve(key, TODAY, compare, RUNS)

    assert (period.label, in_period(period), in_compared(period), compared_in_short(period)) == words


def test_the_usual_periods_say_what_they_said():
    assert (WEEK.label, MONTH.label, compared(MONTH)) == ("7 days", "30 days", "the 30 days before")
