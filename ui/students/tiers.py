"""Engagement tiers on the pages: always the name, on its colour."""

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
