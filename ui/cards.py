"""The four headline figures as cards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from queries.changes import change_of_mean, change_percent, round_half_up
from queries.definitions import help_for
from queries.engagement import ActiveInPeriod, daily_completion, daily_satisfaction, daily_total_students
from queries.overview import OverviewStats
from queries.periods import Period


@dataclass(frozen=True)
class Card:
    """A figure with its change in percent (None: nothing to compare with), its story and its meaning."""

    title: str
    icon: str
    value: str
    change: int | None
    sparkline: list[float]
    help: str


def total_students_card(stats: OverviewStats, days: pd.DataFrame) -> Card:
    """Everybody, against the day before the period began."""
    before = days.loc[days["window"] == "previous", "total_students"].iloc[-1]
    return Card(
        "Total students",
        ":material/group:",
        f"{stats.total_students:,}",
        change_percent(stats.total_students, before),
        _this(days, "total_students"),
        f"{help_for('total_students')} The change: {help_for('total_students_change')}",
    )


def active_students_card(active: ActiveInPeriod, days: pd.DataFrame, period: Period) -> Card:
    return Card(
        f"Active in {period.label}",
        ":material/bolt:",
        f"{active.active_students:,}",
        active.change_percent,
        _this(days, "active_students"),
        help_for("active_in_period"),
    )


def completion_card(stats: OverviewStats, days: pd.DataFrame) -> Card:
    return Card(
        "Completion rate",
        ":material/task_alt:",
        _percent(stats.avg_completion_percent),
        change_of_mean(days, "watched_share_sum", "videos_watched"),
        _daily_mean(days, "watched_share_sum", "videos_watched"),
        f"{help_for('avg_completion')} {help_for('avg_completion_change')}",
    )


def satisfaction_card(stats: OverviewStats, days: pd.DataFrame) -> Card:
    rate = stats.satisfaction_rate
    return Card(
        "AI satisfaction",
        ":material/thumb_up:",
        _percent(None if rate is None else 100 * rate),
        change_of_mean(days, "rating_sum", "ratings"),
        _daily_mean(days, "rating_sum", "ratings"),
        f"{help_for('satisfaction')} {help_for('satisfaction_change')}",
    )


def chosen_cards(
    names: tuple[str, ...],
    creator_id: UUID,
    stats: OverviewStats,
    active: ActiveInPeriod,
    days: pd.DataFrame,
    period: Period,
) -> list[Card]:
    """The cards with these names (`database.preferences.CARDS`), in this order; others are not computed."""
    makers: dict[str, Callable[[], Card]] = {
        "total_students": lambda: total_students_card(stats, daily_total_students(creator_id, period)),
        "active_students": lambda: active_students_card(active, days, period),
        "completion": lambda: completion_card(stats, daily_completion(creator_id, period)),
        "satisfaction": lambda: satisfaction_card(stats, daily_satisfaction(creator_id, period)),
    }
    return [makers[name]() for name in names]


def show_cards(cards: list[Card], period: Period) -> None:
    """The cards in one row, fewer to a row on a narrow screen."""
    with st.grid(4, min_column_width=178, row_height=190):
        for card in cards:
            _show(card, period)


def _show(card: Card, period: Period) -> None:
    options: dict[str, Any] = {"chart_data": card.sparkline, "chart_type": "area"} if any(card.sparkline) else {}
    st.metric(
        card.title,
        card.value,
        delta=None if card.change is None else (f"{card.change:+d} %" if card.change else 0),
        delta_description=f"vs prev. {period.days} d" if card.change is not None else None,
        help=card.help,
        icon=card.icon,
        border=True,
        height="stretch",
        **options,
    )


def _this(days: pd.DataFrame, column: str) -> list[float]:
    return [float(value) for value in days.loc[days["window"] == "this", column]]


def _daily_mean(days: pd.DataFrame, total: str, count: str) -> list[float]:
    this = days[(days["window"] == "this") & (days[count] > 0)]
    return [float(value) for value in this[total] / this[count]]


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{round_half_up(value)} %"
