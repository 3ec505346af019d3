"""The dashboard of a period, figure by figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from queries.dashboard import fresh_dashboard_response
from queries.definitions import definitions
from queries.engagement import active_in_period, daily_active_users
from queries.periods import Period
from queries.quizzes import period_results
from queries.students import most_at_risk, tier_counts
from queries.words import TIERS
from reports.exports.filters import AnalyticsFilters, period_of
from reports.exports.table import About, Batch, Column, Table, in_one_batch

GRAIN = (
    "One row per figure: first the key figures, then those of each day of the period, "
    "of each hour of the day and of each tier."
)

COLUMNS = (
    Column("section", "Section", "text", "Key figures, a day, an hour of the day, or a tier.", print_share=2.4),
    Column("measure", "Measure", "text", "The figure's name, as docs/metrics.md defines it.", print_share=3.4),
    Column("label", "Of", "text", "The day, hour or tier; empty for key figures.", print_share=2),
    Column("value", "Value", "number", "The figure, rounded as in the API; empty: there is none.", print_share=1.4),
    Column("unit", "Unit", "text", "What the value counts.", print_share=2),
)

KEY_FIGURES = "Key figures"
DAYS, HOURS, TIER_SECTION = "Days", "Hours of the day", "Engagement tiers"


@dataclass(frozen=True)
class Figure:
    """One row of COLUMNS."""

    section: str
    measure: str
    label: str | None
    value: int | float | None
    unit: str

    @property
    def row(self) -> tuple[Any, ...]:
        return (self.section, self.measure, self.label, self.value, self.unit)


def figures(creator_id: UUID, filters: AnalyticsFilters) -> list[Figure]:
    """All rows, from the queries of the pages; inside `tenant_snapshot_tx` they are of one instant."""
    period = period_of(filters.period)
    answer = fresh_dashboard_response(creator_id, period)
    return [
        *_key_figures(creator_id, period, answer),
        *_day_figures(creator_id, period),
        *_hour_figures(answer),
        *_tier_figures(creator_id),
    ]


def figures_table(name: str, rows: list[Figure], about: About) -> Table:
    """The figures with COLUMNS, as every format takes them."""
    columns: Batch = list(zip(*(figure.row for figure in rows), strict=True))
    return Table(name, COLUMNS, in_one_batch(columns), len(rows), about)


def _key_figures(creator_id: UUID, period: Period, answer: dict[str, Any]) -> Iterator[Figure]:
    students, progress = answer["students"], answer["progress"]
    active = active_in_period.fresh(creator_id, period)
    quizzes = period_results.fresh(creator_id, period)
    support = answer["support"]
    yield _key("total_students", students["total"], "students")
    yield _key("active_students", students["active"], "students")
    yield _key("active_percentage", students["activePercentage"], "percent")
    yield _key("active_change", students["trends"]["active"], "percent")
    yield _key("active_in_period", active.active_students, "students")
    yield _key("new_this_month", students["newThisMonth"], "students")
    yield Figure(KEY_FIGURES, "Change in new students", None, students["trends"]["new"], "percent")
    yield _key("at_risk", most_at_risk.fresh(creator_id).total, "students")
    yield _key("avg_completion", progress["avgCompletion"], "percent")
    yield _key("videos_watched", progress["videosWatched"], "student-video pairs")
    yield _key("quizzes_passed", progress["quizzesPassed"], "attempts")
    yield Figure(KEY_FIGURES, "Quiz attempts in the period", None, quizzes.attempts, "attempts")
    yield Figure(KEY_FIGURES, "Quiz attempts passed in the period", None, quizzes.passed, "attempts")
    yield _key("avg_session_time", answer["engagement"]["avgSessionTime"], "minutes")
    yield _key("questions_asked", support["questionsAsked"], "messages")
    yield _key("questions_answered", support["aiAnswered"], "messages")
    yield _key("satisfaction", support["satisfactionRate"], "0 to 1")


def _day_figures(creator_id: UUID, period: Period) -> Iterator[Figure]:
    days = daily_active_users.fresh(creator_id, period)
    this = days[days["window"] == "this"]
    labels = [f"{day:%Y-%m-%d}" for day in this["activity_date"]]
    minutes = [round(value, 2) for value in this["watched_minutes"]]
    for measure, values, unit in (
        (definitions()["daily_active_users"].title, this["active_students"], "students"),
        ("Activities", this["signs_of_life"], "activities"),
        ("Minutes watched", minutes, "minutes"),
    ):
        for label, value in zip(labels, values, strict=True):
            yield Figure(DAYS, measure, label, _plain(value), unit)


def _hour_figures(answer: dict[str, Any]) -> Iterator[Figure]:
    for hour in answer["engagement"]["peakHours"]:
        yield Figure(HOURS, definitions()["peak_hours"].title, f"{hour['hour']:02d}:00", hour["count"], "activities")


def _tier_figures(creator_id: UUID) -> Iterator[Figure]:
    counted = tier_counts.fresh(creator_id)
    students = dict(zip(counted["engagement_tier"], counted["students"], strict=True))
    for tier, words in TIERS.items():
        yield Figure(
            TIER_SECTION, definitions()["engagement_tier"].title, words, int(students.get(tier, 0)), "students"
        )


def _key(name: str, value: int | float | None, unit: str) -> Figure:
    return Figure(KEY_FIGURES, definitions()[name].title, None, value, unit)


def _plain(value: Any) -> int | float:
    return int(value) if float(value).is_integer() else float(value)
