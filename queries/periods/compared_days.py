"""The days of a period and those it is compared with, which may belong to another run."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import pandas as pd

from database.frames import frame
from database.levels import at_level
from queries.periods.period import Period

DATES = ["activity_date", "shown_at"]

T = TypeVar("T")


def days_of_both(creator_id: UUID, statement: str, period: Period, **parameters: Any) -> pd.DataFrame:
    """The rows of a statement that begins with `queries/steps/calendar.sql`.

    One row per local day up to today, the compared ones first, each oldest first: activity_date, shown_at, window, and
    the counts of the statement. The days of another run are counted at its level.
    """
    rows = _days(creator_id, statement, period, parameters)
    if not period.other_run:
        return rows
    other = on_the_other_run(period, lambda days: _days(creator_id, statement, days, parameters))
    return pd.concat([_beside(of_window(other, "this"), period), of_window(rows, "this")], ignore_index=True)


def on_the_other_run(period: Period, read: Callable[[Period], T]) -> T:
    """The result of `read` for the days of the compared run, as their own period."""
    days = period.windows
    if days is None or period.other_run is None:
        raise ValueError(f"{period.key} is compared with no other run.")
    with at_level(period.other_level):
        return read(days.compared)


def of_window(days: pd.DataFrame, window: str) -> pd.DataFrame:
    """The days of the period ("this") or those it is compared with ("previous")."""
    return days[days["window"] == window]


def _days(creator_id: UUID, statement: str, period: Period, parameters: dict[str, Any]) -> pd.DataFrame:
    return frame(creator_id, statement, dates=DATES, **period.parameters, **parameters)


def _beside(days: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The days as those that the period is compared with: each shown at the day in the same place."""
    days = days.assign(window="previous", shown_at=days["activity_date"])
    if period.windows:
        days["shown_at"] += pd.Timestamp(period.windows.first_day) - pd.Timestamp(period.windows.compared_first_day)
    return days
