"""Days that have ended: changes compare only these, because a day that has just begun looks like a drop."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from queries.periods.period import Period, Windows, range_key, windows_before

DAY = timedelta(days=1)


def whole_days(days: pd.DataFrame, running: date | None) -> pd.DataFrame:
    """The rows of a daily frame without today and the day it is compared with."""
    return days if running is None else days[days["shown_at"] != pd.Timestamp(running)]


def whole_period(period: Period, running: date | None) -> Period | None:
    """The period without today, compared with as many days less; None if no day has ended."""
    if running is None:
        return period
    of = period.windows or windows_before(running - (period.days - 1) * DAY, running)
    beside = of.compared_first_day + (running - of.first_day)
    if of.first_day == running:
        return None
    days = Windows(of.first_day, running - DAY, of.compared_first_day, min(of.compared_last_day, beside - DAY))
    return replace(period, key=range_key(days.first_day, days.last_day), days=days.days, windows=days)
