"""Parameters in the address of a page."""

from uuid import UUID

import streamlit as st


def requested_id() -> UUID | None:
    """The id in the address (`?id=…`); None if missing or invalid."""
    try:
        return UUID(st.query_params.get("id", ""))
    except ValueError:
        return None
