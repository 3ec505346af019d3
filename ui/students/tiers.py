"""Engagement tiers on the pages: always the name, on its colour."""

from typing import Any

import streamlit as st

from queries.students.tiers import TIER_LABELS

# Streamlit's names for the nearest badge colours.
BADGES = {
    "highly_engaged": "green",
    "engaged": "green",
    "moderate": "yellow",
    "low_engagement": "orange",
    "at_risk": "red",
    "inactive": "gray",
}


def tier_badge(tier: str) -> None:
    st.badge(TIER_LABELS[tier].text, color=BADGES[tier])  # type: ignore[arg-type]


def tier_column() -> Any:
    """A table column that shows the tier's name on its colour; cells are lists of one name."""
    return st.column_config.MultiselectColumn(
        "Tier",
        options=[label.text for label in TIER_LABELS.values()],
        color=[label.colour for label in TIER_LABELS.values()],
    )
