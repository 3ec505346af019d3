"""The creator's own defaults, where neither the address nor the person chose."""

import streamlit as st

from queries.periods import PERIODS


def prefer_period(key: str) -> None:
    """Begin with this period; call it before `ui.filters.period_filter`."""
    if "period" not in st.session_state and st.query_params.get("period") not in PERIODS:
        st.session_state["period"] = key
