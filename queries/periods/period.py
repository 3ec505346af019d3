"""The periods people can choose, and what a period can be compared with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from database.levels import EVERYTHING, Level
from rules.formatting import counted, dated
from rules.sentences import figure

BEFORE, LAST_YEAR, RUN = "before", "last-year", "run"
THIS_MONTH, LAST_MONTH = "this-month", "last-month"
RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")
ONE_RUN = re.compile(r"run:([0-9a-f-]{36})")
FIRST_YEAR = 1990  # before it no platform had students, and the database refuses such instants
DAY = timedelta(days=1)


class UnknownRun(ValueError):
    """This run does not exist or has no start."""


class NotYet(ValueError):
    """The period has not begun, or the run it is compared with has not lasted that long."""


@dataclass(frozen=True)
class Windows:
    """The local days of a period and of the one it is compared with, from first to last."""

    first_day: date
    last_day: date
    compared_first_day: date
    compared_last_day: date

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    @property
    def compared(self) -> "Period":
        """The compared days as their own period."""
        first, last = self.compared_first_day, self.compared_last_day
        days = windows_before(first, last)
        return Period(range_key(first, last), days.days, days)


@dataclass(frozen=True)
class Run:
    """A run of a course, by name, and the local day on which it started."""

    title: str
    first_day: date


@dataclass(frozen=True)
class Period:
    """A period: its days, and the days it is compared with.

    Without windows it is that many local days including today, and as many before them: a query derives both from
    its own clock. `run` is the run at whose start it begins, `other_run` the one it is compared with.
    """

    key: str
    days: int
    windows: Windows | None = None
    compare: str = BEFORE
    run: Run | None = None
    other_run: Run | None = None
    other_level: Level = EVERYTHING  # at which the days of that run are counted

    @property
    @figure
    def label(self) -> str:
        """Such as "7 days", "November 2026", "45 days of Spring" or "5 Jan to 10 Feb 2026"."""
        if self.windows is None or self.key in PERIODS:
            return f"{self.days} days"
        if self.key in (THIS_MONTH, LAST_MONTH):
            return f"{self.windows.first_day:%B %Y}"
        if self.run:
            return f"{counted(self.days, 'day')} of {self.run.title}"
        return dates_in_words(self.windows.first_day, self.windows.last_day)

    @property
    def is_rolling(self) -> bool:
        """Whether it is a number of days ending today, whatever it is compared with."""
        return self.windows is None or self.key in PERIODS

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of statements with `queries/steps/period.sql`; empty if the clock decides."""
        nothing = dict.fromkeys(("first_day", "last_day", "compared_first_day", "compared_last_day"))
        days = {"days": self.days if self.is_rolling else None}
        return days | (vars(self.windows) if self.windows else nothing)


WEEK = Period("7d", 7)
MONTH = Period("30d", 30)
QUARTER = Period("90d", 90)
PERIODS = {period.key: period for period in (WEEK, MONTH, QUARTER)}
KEYS = (*PERIODS, THIS_MONTH, LAST_MONTH, RUN)
WHAT_WOULD_DO = f"choose one of {', '.join(KEYS)}, run:<id> or two dates such as 2026-01-05..2026-02-10."
COMPARED_WITH = (BEFORE, LAST_YEAR)
WHAT_COMPARES = f"choose one of {', '.join(COMPARED_WITH)} or run:<id>."


def check_period(key: str) -> None:
    """Raise ValueError for an invalid period key; `resolve` checks whether the run or the days exist."""
    if key in KEYS or ONE_RUN.fullmatch(key):
        return
    _days_of_range(key)


def check_compare(compare: str) -> None:
    """Raise ValueError for an invalid comparison."""
    if compare not in COMPARED_WITH and not ONE_RUN.fullmatch(compare):
        raise ValueError(f'compare is "{compare}"; {WHAT_COMPARES}')


def resolve(key: str, today: date, compare: str = BEFORE, runs: Mapping[str, Run] | None = None) -> Period:
    """The period with this key, and what it is compared with, on the creator's local day.

    `runs` are those with a start, by `run:<id>`; the chosen one as `run`. Days in the future are left
    out, so that equally many days are compared. Raises ValueError, naming the value and what is allowed: UnknownRun and
    NotYet if the key itself is valid.
    """
    check_period(key)
    check_compare(compare)
    known = runs or {}
    if key in PERIODS and compare == BEFORE:
        return PERIODS[key]
    run = _run(key, known) if key.startswith(RUN) else None
    other = _other_run(compare, known) if compare.startswith(RUN) else None
    first, last = _days(key, today, run)
    if first > today:
        raise NotYet(f'The period is "{key}", which has not begun; today is {today}. Choose earlier days.')
    last = min(last, today)
    if other:
        own = run or known.get(RUN)
        windows = _beside(first, last, other.first_day - (own.first_day if own else first))
    else:
        windows = _windows(first, last, compare, key)
    if windows.compared_last_day > today:
        raise NotYet(f'compare is "{compare}", which has not been going for so long; choose earlier days.')
    return Period(key, windows.days, windows, compare, run, other)


def range_key(first: date, last: date) -> str:
    """Two dates as an address writes them: 2026-01-05..2026-02-10."""
    return f"{first.isoformat()}..{last.isoformat()}"


def windows_before(first: date, last: date) -> Windows:
    """The days, compared with as many days right before them."""
    return Windows(first, last, first - (last - first) - DAY, first - DAY)


@figure
def dates_in_words(first: date, last: date) -> str:
    """Such as "5 Jan to 10 Feb 2026": month and year once if they are the same."""
    if first == last:
        return dated(first)
    if first.year != last.year:
        return f"{dated(first)} to {dated(last)}"
    return f"{first:%-d} to {dated(last)}" if first.month == last.month else f"{first:%-d %b} to {dated(last)}"


def run_key(run_id: UUID) -> str:
    """The period since the start of this run, and what is compared with it, as an address writes them."""
    return f"{RUN}:{run_id}"


def _days(key: str, today: date, run: Run | None) -> tuple[date, date]:
    if key in PERIODS:
        return today - (PERIODS[key].days - 1) * DAY, today
    if key == THIS_MONTH:
        return today.replace(day=1), today
    if key == LAST_MONTH:
        last = today.replace(day=1) - DAY
        return last.replace(day=1), last
    if run is not None:
        return run.first_day, today
    return _days_of_range(key)


def _days_of_range(key: str) -> tuple[date, date]:
    found = RANGE.fullmatch(key)
    try:
        first, last = (date.fromisoformat(day) for day in found.groups()) if found else (date.max, date.min)
    except ValueError as error:
        raise ValueError(f'The period is "{key}"; {error}. Write it as 2026-01-05..2026-02-10.') from None
    if found is None:
        raise ValueError(f'The period is "{key}"; {WHAT_WOULD_DO}')
    first, last = min(first, last), max(first, last)
    if first.year < FIRST_YEAR:
        raise ValueError(f'The period is "{key}"; choose days from {FIRST_YEAR}-01-01 on.')
    return first, last


def _run(key: str, runs: Mapping[str, Run]) -> Run:
    if key not in runs and key == RUN:
        raise UnknownRun(f'The period is "{RUN}", but no run with a start is chosen; {WHAT_WOULD_DO}')
    if key not in runs:
        raise UnknownRun(f'The period is "{key}", but there is no such run with a start{_known(runs)}.')
    return runs[key]


def _other_run(compare: str, runs: Mapping[str, Run]) -> Run:
    if compare not in runs:
        raise UnknownRun(f'compare is "{compare}", but there is no such run with a start{_known(runs)}.')
    return runs[compare]


def _known(runs: Mapping[str, Run]) -> str:
    named = [key for key in runs if key != RUN]
    return f"; these are: {', '.join(named)}" if named else ""


def _windows(first: date, last: date, compare: str, key: str = "") -> Windows:
    """The days, and as many right before them; for months, the same days of the month before; or a year earlier."""
    if compare == LAST_YEAR:
        return Windows(first, last, _a_year_before(first), _a_year_before(last))
    if key in (THIS_MONTH, LAST_MONTH):
        end_before = first - DAY
        of_month = end_before.day if key == LAST_MONTH else min(last.day, end_before.day)
        return Windows(first, last, end_before.replace(day=1), end_before.replace(day=of_month))
    return windows_before(first, last)


def _a_year_before(day: date) -> date:
    """The same date, or the last day of February."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def _beside(first: date, last: date, later: timedelta) -> Windows:
    """The days, and the same days since the start of another run."""
    return Windows(first, last, first + later, last + later)
