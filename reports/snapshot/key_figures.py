"""The headline figures of a report: those of the overview's cards and of the period, each with its change."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pandas as pd

from queries.overview.engagement import (
    ActiveInPeriod,
    active_in_period,
    daily_completion,
    daily_satisfaction,
    daily_total_students,
)
from queries.overview.headline import OverviewStats
from queries.periods.changes import Unit, change_of_mean, change_of_sum, change_percent
from queries.periods.period import BEFORE, Period
from queries.periods.phrases import compared, time_of
from queries.periods.whole_days import whole_days, whole_period
from queries.quizzes.results import PeriodResults, period_results
from rules.formatting import grouped, percent, round_half_up

NOW, ALL_TIME, WEEK, THIS_MONTH = "now", "all time", "last 7 days", "this month"
ALWAYS_OF = {
    "total_students": NOW,
    "at_risk": NOW,
    "engagement_tier": NOW,
    "active_students": WEEK,
    "active_percentage": WEEK,
    "active_change": WEEK,
    "new_this_month": THIS_MONTH,
    "avg_completion": ALL_TIME,
    "satisfaction": ALL_TIME,
    "videos_watched": ALL_TIME,
    "quizzes_passed": ALL_TIME,
    "questions_answered": ALL_TIME,
}


@dataclass(frozen=True)
class KeyFigure:
    """A headline figure: its number (None: unknown), its unit, and its change from what it is compared with.

    A count changes in percent, a rate in points.

    `previous` is the same figure for the earlier time; None if there is none. The change of a figure over all
    time (completion, satisfaction) comes from what happened in the period, so that it has none.
    """

    name: str  # in queries/metrics.toml
    title: str
    number: float | None
    unit: str
    change: int | None
    previous: float | None = None
    compared_with: str = ""

    @property
    def change_unit(self) -> Unit:
        return "points" if self.unit == "percent" else "percent"

    @property
    def text(self) -> str:
        if self.number is None:
            return "-"
        return percent(self.number) if self.unit == "percent" else grouped(round_half_up(self.number))


def window_of(name: str, period: Period) -> str:
    """The time that a figure is about: that of the period, unless it is always about another."""
    return ALWAYS_OF.get(name) or time_of(period)


def key_figures(
    creator_id: UUID,
    period: Period,
    stats: OverviewStats,
    active: ActiveInPeriod,
    days: pd.DataFrame,
    results: PeriodResults,
    asked: pd.DataFrame,
    at_risk: int,
    running: date | None = None,
) -> tuple[KeyFigure, ...]:
    """Students first, then what they did; `days` and `asked` hold the period and what it is compared with.

    Changes cover whole days: today is left out.
    """
    whole = whole_period(period, running)
    before = compared(period)
    return (
        _total_students(creator_id, period, stats),
        _active(active, active_in_period.fresh(creator_id, whole) if whole else None, period, before),
        _new_students(stats),
        KeyFigure("at_risk", "Students at risk", at_risk, "students", None),
        _completion(creator_id, period, stats, running),
        _satisfaction(creator_id, period, stats, running),
        _of_period("learning_activity", "Minutes watched", "minutes", days, "watched_minutes", before, running),
        _of_period("questions_asked", "Questions asked", "questions", asked, "questions", before, running),
        *_quizzes(results, period_results.fresh(creator_id, whole) if whole else None, before),
    )


def _total_students(creator_id: UUID, period: Period, stats: OverviewStats) -> KeyFigure:
    days = daily_total_students.fresh(creator_id, period)
    previous = int(days.loc[days["window"] == "previous", "total_students"].iloc[-1])
    before = "the day before the period" if period.compare == BEFORE and period.windows is None else compared(period)
    return _compared("total_students", "Total students", "students", stats.total_students, previous, before)


def _active(active: ActiveInPeriod, whole: ActiveInPeriod | None, period: Period, before: str) -> KeyFigure:
    return KeyFigure(
        "active_in_period",
        f"Active in {period.label}" if period.is_rolling else "Active students",
        active.active_students,
        "students",
        whole.change_percent if whole else None,
        active.seen_period_before,
        before,
    )


def _new_students(stats: OverviewStats) -> KeyFigure:
    return KeyFigure(
        "new_this_month",
        "New this month",
        stats.new_this_month,
        "students",
        stats.new_change_percent,
        stats.new_last_month,
        "the same days last month",
    )


def _completion(creator_id: UUID, period: Period, stats: OverviewStats, running: date | None) -> KeyFigure:
    days = whole_days(daily_completion.fresh(creator_id, period), running)
    change = change_of_mean(days, "watched_share_sum", "videos_watched")
    rate = _float(stats.avg_completion_percent)
    return KeyFigure("avg_completion", "Completion rate", rate, "percent", change, None, compared(period))


def _satisfaction(creator_id: UUID, period: Period, stats: OverviewStats, running: date | None) -> KeyFigure:
    days = whole_days(daily_satisfaction.fresh(creator_id, period), running)
    change = change_of_mean(days, "rating_sum", "ratings", whole=1)
    rate = None if stats.satisfaction_rate is None else 100 * float(stats.satisfaction_rate)
    return KeyFigure("satisfaction", "AI satisfaction", rate, "percent", change, None, compared(period))


def _quizzes(results: PeriodResults, whole: PeriodResults | None, before: str) -> tuple[KeyFigure, KeyFigure]:
    """Attempts and pass rate; `whole` are the results of the days that have ended, for the changes."""
    return (
        KeyFigure(
            "quiz_period",
            "Quiz attempts",
            results.attempts,
            "attempts",
            change_percent(whole.attempts, whole.attempts_before) if whole else None,
            results.attempts_before,
            before,
        ),
        KeyFigure(
            "quiz_pass_rate",
            "Pass rate",
            results.pass_rate_percent,
            "percent",
            whole.pass_rate_change_points if whole else None,
            results.pass_rate_percent_before,
            before,
        ),
    )


def _of_period(
    name: str, title: str, unit: str, days: pd.DataFrame, column: str, before: str, running: date | None
) -> KeyFigure:
    """A sum over the days of each window; none if the platform sends nothing for either."""
    sums = days.groupby("window")[column].sum().astype(float)
    if not sums.any():
        return KeyFigure(name, title, None, unit, None)
    change = change_of_sum(whole_days(days, running), column)
    return KeyFigure(name, title, float(sums["this"]), unit, change, float(sums["previous"]), before)


def _compared(name: str, title: str, unit: str, number: float, previous: float, before: str) -> KeyFigure:
    return KeyFigure(name, title, number, unit, change_percent(number, previous), previous, before)


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)
