"""Periods in sentences, and what they are compared with."""

from queries.periods.period import LAST_MONTH, LAST_YEAR, THIS_MONTH, Period, dates_in_words
from rules.sentences import figure


@figure
def in_period(period: Period) -> str:
    """Such as "in the last 7 days", "in November 2026 so far", "since the start of Spring"."""
    if period.windows is None or period.is_rolling:
        return f"in the last {period.label}"
    if period.run:
        return f"since the start of {period.run.title}"
    if period.windows.first_day == period.windows.last_day:
        return f"on {period.label}"
    if " to " in period.label:
        return f"from {period.label}"
    return f"in {period.label}{' so far' if period.key == THIS_MONTH else ''}"


@figure
def time_of(period: Period) -> str:
    """The period as the label of a figure: "last 7 days", "November 2026 so far", "since the start of Spring"."""
    if period.windows is None or period.is_rolling:
        return f"last {period.label}"
    if period.run:
        return f"since the start of {period.run.title}"
    return f"{period.label}{' so far' if period.key == THIS_MONTH else ''}"


@figure
def in_compared(period: Period) -> str:
    """Such as "in the 7 days before", "from 1 to 28 Oct 2026", "in the same days of Spring"."""
    if period.windows is None or period.other_run:
        return f"in {compared(period)}"
    days = compared(period)
    return f"from {days}" if " to " in days else f"on {days}"


@figure
def compared(period: Period) -> str:
    """Such as "the 7 days before", "1 to 28 Oct 2026", "the same days of Spring"."""
    if period.windows is None:
        return f"the {period.days} days before"
    if period.other_run:
        return f"the same days of {period.other_run.title}"
    return dates_in_words(period.windows.compared_first_day, period.windows.compared_last_day)


@figure
def compared_in_short(period: Period) -> str:
    """For a card: "prev. 7 d", "1 to 28 Oct", "October", "last year", "Spring"."""
    if period.other_run:
        return period.other_run.title
    if period.compare == LAST_YEAR:
        return "last year"
    if period.windows and period.key == THIS_MONTH:
        return f"1 to {period.windows.compared_last_day:%-d %b}"
    if period.windows and period.key == LAST_MONTH:
        return f"{period.windows.compared_last_day:%B}"
    return f"prev. {period.days} d"


@figure
def compared_series(period: Period) -> str:
    """The name of the compared days in a chart: "Previous period", "Last year", "Spring"."""
    if period.other_run:
        return period.other_run.title
    return "Last year" if period.compare == LAST_YEAR else "Previous period"
