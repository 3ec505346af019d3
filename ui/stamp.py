"""When the figures were computed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st


def data_as_of(refreshed_at: datetime | None, timezone: str) -> None:
    """A line such as "Data as of 4 Mar 2026, 18:02 (Europe/Berlin)"."""
    if refreshed_at is None:
        st.caption("The figures have not been computed yet; they will be within a minute.")
        return
    local = refreshed_at.astimezone(ZoneInfo(timezone))
    st.caption(f"Data as of {local:%-d %b %Y, %H:%M} ({timezone.replace('_', ' ')})")
