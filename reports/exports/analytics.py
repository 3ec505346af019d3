"""The dashboard of a period, figure by figure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import records
from queries.chat.figures import daily_questions
from queries.chat.questions import QuestionFilters
from queries.definitions import definitions
from queries.labels import TIERS
from queries.overview.dashboard import fresh_dashboard_response
from queries.overview.engagement import DayRow, active_in_period, daily_active_users
from queries.overview.headline import overview_stats
from queries.periods.changes import Unit, change_percent
from queries.periods.chosen_period import local_day
from queries.periods.compared_days import of_window
from queries.periods.period import Period
from queries.periods.phrases import compared as in_words
from queries.periods.phrases import time_of
from queries.periods.whole_days import whole_period
from queries.quizzes.results import PeriodResults, period_results
from queries.students.lists import most_at_risk, tier_counts
from reports.exports.table import About, Batch, Column, Table, in_one_batch
from reports.snapshot.key_figures import ALL_TIME, NOW, THIS_MONTH, KeyFigure, key_figures, window_of
from rules.formatting import round_half_up

GRAIN = (
    "One row per figure: first the key figures, then those of each day of the period, "
    "of each hour of the day and of each tier."
)

COLUMNS = (
    Column("section", "Section", "text", "Key figures, a day, an hour of the day, or a tier.", print_share=2.4),
    Column("measure", "Measure", "text", "The figure's name, as docs/metrics.md defines it.", print_share=3),
    Column("label", "Of", "text", "The day, hour or tier; empty for key figures.", print_share=2.2),
    Column("value", "Value", "number", "The figure, rounded as in the API; empty: not available.", print_share=1.4),
    Column("unit", "Unit", "text", "What the value counts.", print_share=2.1),
    Column(
        "before",
        "Before",
        "number",
        "The same figure for what it is compared with; empty: nothing to compare with, or only the change is known.",
        print_share=1.4,
    ),
    Column(
        "change",
        "Change",
        "number",
        "How much the value changed over the days that have ended; empty: nothing to compare with.",
        print_share=1.4,
    ),
    Column(
        "change_unit",
        "Change in",
        "text",
        "Percent for counts, points for rates; for a rate from 0 to 1, a hundredth is a point.",
        print_share=1.4,
    ),
    Column("compared_with", "Compared with", "text", "The days or the run it is compared with."),
    Column(
        "window",
        "Over",
        "text",
        "The time that the figure is about: the period, all time, the last 7 days, this month, now, or the day.",
        print_share=2.1,
    ),
)

KEY_FIGURES = "Key figures"
DAYS, HOURS, TIER_SECTION = "Days", "Hours of the day", "Engagement tiers"
THE_DAY = "the day"


@dataclass(frozen=True)
class Beside:
    """What a figure is compared with. A figure over all time has no earlier value."""

    before: int | float | None
    change: int | None
    change_unit: Unit
    compared_with: str


@dataclass(frozen=True)
class Figure:
    """One row of COLUMNS."""

    section: str
    measure: str
    label: str | None
    value: int | float | None
    unit: str
    window: str
    beside: Beside | None = None

    @property
    def row(self) -> tuple[Any, ...]:
        told = self.beside
        return (
            self.section,
            self.measure,
            self.label,
            self.value,
            self.unit,
            told and told.before,
            told and told.change,
            None if told is None or told.change is None else told.change_unit,
            told and told.compared_with,
            self.window,
        )


def figures(creator_id: UUID, period: Period) -> list[Figure]:
    """All rows, from the queries of the pages; inside `tenant_snapshot_tx` they are consistent."""
    answer = fresh_dashboard_response(creator_id, period)
    days = daily_active_users.fresh(creator_id, period)
    return [
        *_key_figures(answer, _compared_figures(creator_id, period, days), period),
        *_day_figures(days, local_day.fresh(creator_id).running_of(period)),
        *_hour_figures(answer, period),
        *_tier_figures(creator_id),
    ]


def figures_table(name: str, rows: list[Figure], about: About) -> Table:
    """The figures with COLUMNS, for every format."""
    columns: Batch = list(zip(*(figure.row for figure in rows), strict=True))
    return Table(name, COLUMNS, in_one_batch(columns), len(rows), about)


def _compared_figures(creator_id: UUID, period: Period, days: pd.DataFrame) -> dict[str, KeyFigure]:
    """The headline figures of the report, by name, and how many attempts were passed."""
    running = local_day.fresh(creator_id).running_of(period)
    results = period_results.fresh(creator_id, period)
    told = key_figures(
        creator_id,
        period,
        overview_stats.fresh(creator_id),
        active_in_period.fresh(creator_id, period),
        days,
        results,
        daily_questions.fresh(creator_id, QuestionFilters(period)),
        most_at_risk.fresh(creator_id).total,
        running,
    )
    return {figure.name: figure for figure in (*told, _passed(creator_id, period, results, running))}


def _passed(creator_id: UUID, period: Period, results: PeriodResults, running: date | None) -> KeyFigure:
    whole = whole_period(period, running)
    over = period_results.fresh(creator_id, whole) if whole else None
    change = change_percent(over.passed, over.passed_before) if over else None
    return KeyFigure(
        "quiz_passed", "Passed", results.passed, "attempts", change, results.passed_before, in_words(period)
    )


def _key_figures(answer: dict[str, Any], compared: dict[str, KeyFigure], period: Period) -> Iterator[Figure]:
    students, progress, support = answer["students"], answer["progress"], answer["support"]
    beside = {name: _beside(figure) for name, figure in compared.items()}
    for name, value, unit in (
        ("total_students", students["total"], "students"),
        ("active_students", students["active"], "students"),
        ("active_percentage", students["activePercentage"], "percent"),
        ("active_change", students["trends"]["active"], "percent"),
        ("active_in_period", _whole(compared["active_in_period"]), "students"),
        ("new_this_month", students["newThisMonth"], "students"),
    ):
        yield _key(name, value, unit, window_of(name, period), beside.get(name))
    yield Figure(KEY_FIGURES, "Change in new students", None, students["trends"]["new"], "percent", THIS_MONTH)
    for name, value, unit in (
        ("at_risk", _whole(compared["at_risk"]), "students"),
        ("avg_completion", progress["avgCompletion"], "percent"),
        ("videos_watched", progress["videosWatched"], "student-video pairs"),
        ("quizzes_passed", progress["quizzesPassed"], "attempts"),
    ):
        yield _key(name, value, unit, window_of(name, period), beside.get(name))
    yield from _figures_of_the_period(compared, beside, time_of(period))
    yield _key("avg_session_time", answer["engagement"]["avgSessionTime"], "minutes", time_of(period))
    yield _key("questions_asked", support["questionsAsked"], "messages", ALL_TIME)
    yield _key("questions_answered", support["aiAnswered"], "messages", ALL_TIME)
    yield _key("satisfaction", support["satisfactionRate"], "0 to 1", ALL_TIME, beside["satisfaction"])


def _figures_of_the_period(
    compared: dict[str, KeyFigure], beside: dict[str, Beside | None], window: str
) -> Iterator[Figure]:
    for name, measure, unit in (
        ("quiz_period", "Quiz attempts in the period", "attempts"),
        ("quiz_passed", "Quiz attempts passed in the period", "attempts"),
        ("quiz_pass_rate", "Pass rate in the period", "percent"),
        ("learning_activity", "Minutes watched in the period", "minutes"),
        ("questions_asked", "Questions asked in the period", "messages"),
    ):
        yield Figure(KEY_FIGURES, measure, None, _whole(compared[name]), unit, window, beside[name])


def _beside(figure: KeyFigure) -> Beside | None:
    if not figure.compared_with:
        return None
    before = None if figure.previous is None else round_half_up(figure.previous)
    return Beside(before, figure.change, figure.change_unit, figure.compared_with)


def _whole(figure: KeyFigure) -> int | None:
    return None if figure.number is None else round_half_up(figure.number)


def _day_figures(days: pd.DataFrame, running: date | None) -> Iterator[Figure]:
    """Each day with the one it is compared with; today has no change, because it has not ended."""
    beside = {day.shown_at: day for day in records(of_window(days, "previous"), DayRow)}
    measures: tuple[tuple[str, Callable[[DayRow], float], str], ...] = (
        (definitions()["daily_active_users"].title, lambda day: day.active_students, "students"),
        ("Activities", lambda day: day.signs_of_life, "activities"),
        ("Minutes watched", lambda day: day.watched_minutes, "minutes"),
    )
    for measure, counted, unit in measures:
        for day in records(of_window(days, "this"), DayRow):
            value, other = _plain(counted(day)), beside.get(day.shown_at)
            is_over = day.activity_date.date() != running
            told = None if other is None else _beside_day(value, _plain(counted(other)), other.activity_date, is_over)
            date_of_day = f"{day.activity_date:%Y-%m-%d}"
            yield Figure(DAYS, measure, date_of_day, value, unit, THE_DAY, told)


def _beside_day(value: int | float, before: int | float, day: date, is_over: bool) -> Beside:
    change = change_percent(value, before) if is_over else None
    return Beside(before, change, "percent", f"{day:%Y-%m-%d}")


def _hour_figures(answer: dict[str, Any], period: Period) -> Iterator[Figure]:
    title, window = definitions()["peak_hours"].title, time_of(period)
    for hour in answer["engagement"]["peakHours"]:
        yield Figure(HOURS, title, f"{hour['hour']:02d}:00", hour["count"], "activities", window)


def _tier_figures(creator_id: UUID) -> Iterator[Figure]:
    counted = tier_counts.fresh(creator_id)
    students = dict(zip(counted["engagement_tier"], counted["students"], strict=True))
    title = definitions()["engagement_tier"].title
    for tier, words in TIERS.items():
        yield Figure(TIER_SECTION, title, words, int(students.get(tier, 0)), "students", NOW)


def _key(name: str, value: int | float | None, unit: str, window: str, beside: Beside | None = None) -> Figure:
    return Figure(KEY_FIGURES, definitions()[name].title, None, value, unit, window, beside)


def _plain(value: Any) -> int | float:
    rounded = round(float(value), 2)
    return int(rounded) if rounded.is_integer() else rounded
