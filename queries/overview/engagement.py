"""When students are active, and how the period compares with the previous one."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame, one_row
from database.statements import sql
from queries.cache.caching import cached_query
from queries.periods.changes import change_percent
from queries.periods.compared_days import days_of_both, on_the_other_run
from queries.periods.period import Period

DAILY_ACTIVE_USERS = sql("queries/overview/daily_active_users")
DAILY_TOTAL_STUDENTS = sql("queries/overview/daily_total_students")
DAILY_COMPLETION = sql("queries/overview/daily_completion")
DAILY_SATISFACTION = sql("queries/overview/daily_satisfaction")
ACTIVE_IN_PERIOD = sql("queries/overview/active_in_period")
PEAK_HOURS = sql("queries/overview/peak_hours")
AVERAGE_SESSION = sql("queries/overview/average_session")


@dataclass(frozen=True)
class ActiveInPeriod:
    active_students: int
    seen_this_period: int
    seen_period_before: int

    @property
    def change_percent(self) -> int | None:
        return change_percent(self.seen_this_period, self.seen_period_before)


@dataclass(frozen=True, slots=True)
class DayRow:
    """One row per local day of a period and of the one it is compared with."""

    activity_date: datetime
    shown_at: datetime  # the day of the period that it is shown next to
    window: str  # this or previous
    active_students: int
    signs_of_life: int
    videos_watched: int
    watched_minutes: float


@dataclass(frozen=True, slots=True)
class HourRow:
    """One row per hour of the day, from 0 to 23."""

    hour: int
    signs_of_life: int


@cached_query
def daily_active_users(creator_id: UUID, period: Period) -> Annotated[pd.DataFrame, DayRow]:
    """Students with an activity, per day of the period and of the one it is compared with.

    The compared days come first, each oldest first, none missing up to today.
    """
    return days_of_both(creator_id, DAILY_ACTIVE_USERS, period)


@cached_query
def daily_total_students(creator_id: UUID, period: Period) -> pd.DataFrame:
    """Students enrolled by the end of each day, of those who are enrolled now.

    One row per local day of two periods: activity_date, shown_at, window, total_students.
    """
    return days_of_both(creator_id, DAILY_TOTAL_STUDENTS, period)


@cached_query
def daily_completion(creator_id: UUID, period: Period) -> pd.DataFrame:
    """Watched shares of the videos that students last watched on each day.

    One row per local day of two periods: activity_date, shown_at, window, watched_share_sum
    (percent), videos_watched (student-video pairs whose share is known).
    """
    return days_of_both(creator_id, DAILY_COMPLETION, period)


@cached_query
def daily_satisfaction(creator_id: UUID, period: Period) -> pd.DataFrame:
    """Ratings of the questions asked on each day.

    One row per local day of two periods: activity_date, shown_at, window, rating_sum (each 0 to
    1), ratings (how many).
    """
    return days_of_both(creator_id, DAILY_SATISFACTION, period)


@cached_query
def active_in_period(creator_id: UUID, period: Period) -> ActiveInPeriod:
    """Students with an activity in the period, and how many were seen on its days and on the compared ones.

    The last 7, 30 or 90 days are that many times 24 hours, ending now; other periods are their days.
    """
    active = ActiveInPeriod(**one_row(creator_id, ACTIVE_IN_PERIOD, **period.parameters))
    if not period.other_run:
        return active
    return replace(active, seen_period_before=seen_on_the_other_run(creator_id, period))


def seen_on_the_other_run(creator_id: UUID, period: Period) -> int:
    """How many were seen on the days of the run the period is compared with."""
    other = on_the_other_run(period, lambda days: one_row(creator_id, ACTIVE_IN_PERIOD, **days.parameters))
    return int(other["seen_this_period"])


@cached_query
def peak_hours(creator_id: UUID, period: Period) -> Annotated[pd.DataFrame, HourRow]:
    """Activities per local hour of the day: 24 rows, from midnight on."""
    return frame(creator_id, PEAK_HOURS, **period.parameters)


@cached_query
def average_session_minutes(creator_id: UUID, period: Period) -> float | None:
    """The mean length of a visit in minutes; None without visits."""
    minutes: float | None = one_row(creator_id, AVERAGE_SESSION, **period.parameters)["session_minutes"]
    return minutes
