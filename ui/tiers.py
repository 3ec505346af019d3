"""Engagement tiers as people see them: the product's colours, always with words."""

from dataclasses import dataclass
from typing import Any

import streamlit as st


@dataclass(frozen=True)
class TierLabel:
    text: str
    colour: str  # of tables and charts; white text on it is readable (4.5 to 1)
    badge: str  # Streamlit's name for the nearest badge colour


TIER_LABELS = {
    "highly_engaged": TierLabel("Highly engaged", "#0f5323", "green"),
    "engaged": TierLabel("Engaged", "#1f883d", "green"),
    "moderate": TierLabel("Moderate", "#8a6a00", "yellow"),
    "low_engagement": TierLabel("Low engagement", "#b54708", "orange"),
    "at_risk": TierLabel("At risk", "#cf222e", "red"),
    "inactive": TierLabel("Inactive", "#59636e", "gray"),
}


def tier_badge(tier: str) -> None:
    label = TIER_LABELS[tier]
    st.badge(label.text, color=label.badge)  # type: ignore[arg-type]


def tier_column() -> Any:
    """A table column that shows the tier's name on its colour; cells are lists of one name."""
    return st.column_config.MultiselectColumn(
        "Tier",
        options=[label.text for label in TIER_LABELS.values()],
        color=[label.colour for label in TIER_LABELS.values()],
    )
