"""When the figures were computed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from rules.formatting import timed


def data_as_of(refreshed_at: datetime | None, timezone: str) -> None:
    """A line such as "Data as of 4 Mar 2026, 18:02 (Europe/Berlin)"."""
    if refreshed_at is None:
        st.caption("The figures are being calculated and will appear within a minute.")
        return
    local = refreshed_at.astimezone(ZoneInfo(timezone))
    st.caption(f"Data as of {timed(local)} ({timezone.replace('_', ' ')})")
