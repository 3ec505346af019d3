"""The four headline figures as cards."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from queries.definitions import help_for
from queries.overview.engagement import (
    ActiveInPeriod,
    active_in_period,
    daily_completion,
    daily_satisfaction,
    daily_total_students,
)
from queries.overview.headline import OverviewStats
from queries.periods.changes import Unit, change_in_words, change_of_mean, change_percent
from queries.periods.chosen_period import running_day
from queries.periods.period import Period
from queries.periods.phrases import compared_in_short
from queries.periods.whole_days import whole_days, whole_period
from rules.formatting import grouped, percent


@dataclass(frozen=True)
class Card:
    """A figure with its change (None: nothing to compare with), its sparkline, definition and unit of change."""

    title: str
    icon: str
    value: str
    change: int | None
    sparkline: list[float]
    help: str
    change_unit: Unit = "percent"


def total_students_card(stats: OverviewStats, days: pd.DataFrame) -> Card:
    """All students, compared with the day before the period began."""
    before = days.loc[days["window"] == "previous", "total_students"].iloc[-1]
    return Card(
        "Total students",
        ":material/group:",
        grouped(stats.total_students),
        change_percent(stats.total_students, before),
        _this(days, "total_students"),
        f"{help_for('total_students')} The change: {help_for('total_students_change')}",
    )


def active_students_card(active: ActiveInPeriod, days: pd.DataFrame, period: Period) -> Card:
    return Card(
        f"Active in {period.label}" if period.is_rolling else "Active students",
        ":material/bolt:",
        grouped(active.active_students),
        active.change_percent,
        _this(days, "active_students"),
        help_for("active_in_period"),
    )


def completion_card(stats: OverviewStats, days: pd.DataFrame) -> Card:
    return Card(
        "Completion rate",
        ":material/task_alt:",
        percent(stats.avg_completion_percent),
        change_of_mean(days, "watched_share_sum", "videos_watched"),
        _daily_mean(days, "watched_share_sum", "videos_watched"),
        f"{help_for('avg_completion')} {help_for('avg_completion_change')}",
        "points",
    )


def satisfaction_card(stats: OverviewStats, days: pd.DataFrame) -> Card:
    rate = stats.satisfaction_rate
    return Card(
        "AI satisfaction",
        ":material/thumb_up:",
        percent(None if rate is None else 100 * rate),
        change_of_mean(days, "rating_sum", "ratings", whole=1),
        _daily_mean(days, "rating_sum", "ratings"),
        f"{help_for('satisfaction')} {help_for('satisfaction_change')}",
        "points",
    )


def chosen_cards(
    names: tuple[str, ...],
    creator_id: UUID,
    stats: OverviewStats,
    active: ActiveInPeriod,
    days: pd.DataFrame,
    period: Period,
) -> list[Card]:
    """The cards with these names (`rules.preferences.CARDS`), in this order; others are not computed.

    Changes and sparklines cover whole days: today is left out.
    """
    running = running_day(creator_id, period)
    whole, over = whole_period(period, running), whole_days(days, running)
    makers: dict[str, Callable[[], Card]] = {
        "total_students": lambda: total_students_card(stats, daily_total_students(creator_id, period)),
        "active_students": lambda: _of_whole_days(active_students_card(active, over, period), creator_id, whole),
        "completion": lambda: completion_card(stats, whole_days(daily_completion(creator_id, period), running)),
        "satisfaction": lambda: satisfaction_card(stats, whole_days(daily_satisfaction(creator_id, period), running)),
    }
    return [makers[name]() for name in names]


def _of_whole_days(card: Card, creator_id: UUID, whole: Period | None) -> Card:
    """The card of active students with the change over the days that have ended."""
    return replace(card, change=active_in_period(creator_id, whole).change_percent if whole else None)


def show_cards(cards: list[Card], period: Period) -> None:
    """The cards in one row, or in several on a narrow screen."""
    with st.grid(4, min_column_width=178, row_height=190):
        for card in cards:
            _show(card, period)


def _show(card: Card, period: Period) -> None:
    options: dict[str, Any] = {"chart_data": card.sparkline, "chart_type": "area"} if any(card.sparkline) else {}
    st.metric(
        card.title,
        card.value,
        delta=None if card.change is None else change_or_zero(card.change, card.change_unit),
        delta_description=f"vs {compared_in_short(period)}" if card.change is not None else None,
        help=card.help,
        icon=card.icon,
        border=True,
        height="stretch",
        **options,
    )


def change_or_zero(change: int, unit: Unit) -> str:
    """As a card wants it: only 0 has no direction."""
    return change_in_words(change, unit) if change else grouped(0)


def _this(days: pd.DataFrame, column: str) -> list[float]:
    return [float(value) for value in days.loc[days["window"] == "this", column]]


def _daily_mean(days: pd.DataFrame, total: str, count: str) -> list[float]:
    this = days[(days["window"] == "this") & (days[count] > 0)]
    return [float(value) for value in this[total] / this[count]]
