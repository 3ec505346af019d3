"""The headline figures of a report: those of the overview's cards and of the period, each with its change."""

from dataclasses import dataclass
from uuid import UUID

import pandas as pd

from queries.changes import change_of_mean, change_percent, round_half_up
from queries.engagement import ActiveInPeriod, daily_completion, daily_satisfaction, daily_total_students
from queries.overview import OverviewStats
from queries.periods import Period
from queries.quizzes import PeriodResults


@dataclass(frozen=True)
class KeyFigure:
    """A headline figure: its number (None: nothing to tell), its unit, its change against what it is compared with.

    `previous` is the same figure of the time before; None where there is no like of it. A figure over all
    time (completion, satisfaction) changes by what happened in the period, so that it has none.
    """

    name: str  # in queries/metrics.toml
    title: str
    number: float | None
    unit: str
    change_percent: int | None
    previous: float | None = None
    compared_with: str = ""

    @property
    def text(self) -> str:
        if self.number is None:
            return "-"
        return f"{round_half_up(self.number):,}{' %' if self.unit == 'percent' else ''}"


def key_figures(
    creator_id: UUID,
    period: Period,
    stats: OverviewStats,
    active: ActiveInPeriod,
    days: pd.DataFrame,
    results: PeriodResults,
    asked: pd.DataFrame,
    at_risk: int,
) -> tuple[KeyFigure, ...]:
    """Students first, then what they did; `days` and `asked` hold the period and the one before it."""
    before = f"the {period.days} days before"
    completion, ratings = daily_completion.fresh(creator_id, period), daily_satisfaction.fresh(creator_id, period)
    rate = None if stats.satisfaction_rate is None else 100 * float(stats.satisfaction_rate)
    completion_change = change_of_mean(completion, "watched_share_sum", "videos_watched")
    rating_change = change_of_mean(ratings, "rating_sum", "ratings")
    return (
        _total_students(creator_id, period, stats),
        _active(active, period, before),
        _new_students(stats),
        KeyFigure("at_risk", "Students at risk", at_risk, "students", None),
        KeyFigure(
            "avg_completion",
            "Completion rate",
            _float(stats.avg_completion_percent),
            "percent",
            completion_change,
            None,
            before,
        ),
        KeyFigure("satisfaction", "AI satisfaction", rate, "percent", rating_change, None, before),
        _of_period("learning_activity", "Minutes watched", "minutes", days, "watched_minutes", before),
        _of_period("questions_asked", "Questions asked", "questions", asked, "questions", before),
        _compared("quiz_period", "Quiz attempts", "attempts", results.attempts, results.attempts_before, before),
        KeyFigure(
            "quiz_pass_rate",
            "Pass rate",
            results.pass_rate_percent,
            "percent",
            results.pass_rate_change_percent,
            results.pass_rate_percent_before,
            before,
        ),
    )


def _total_students(creator_id: UUID, period: Period, stats: OverviewStats) -> KeyFigure:
    days = daily_total_students.fresh(creator_id, period)
    previous = int(days.loc[days["window"] == "previous", "total_students"].iloc[-1])
    before = "the day before the period"
    return _compared("total_students", "Total students", "students", stats.total_students, previous, before)


def _active(active: ActiveInPeriod, period: Period, before: str) -> KeyFigure:
    return KeyFigure(
        "active_in_period",
        f"Active in {period.label}",
        active.active_students,
        "students",
        active.change_percent,
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
        "last month so far",
    )


def _of_period(name: str, title: str, unit: str, days: pd.DataFrame, column: str, before: str) -> KeyFigure:
    """A sum over the days of each window; none where the platform tells nothing in either."""
    sums = days.groupby("window")[column].sum().astype(float)
    if not sums.any():
        return KeyFigure(name, title, None, unit, None)
    return _compared(name, title, unit, float(sums["this"]), float(sums["previous"]), before)


def _compared(name: str, title: str, unit: str, number: float, previous: float, before: str) -> KeyFigure:
    return KeyFigure(name, title, number, unit, change_percent(number, previous), previous, before)


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)
