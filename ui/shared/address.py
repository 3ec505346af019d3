"""Parameters in the address of a page."""

from uuid import UUID

import streamlit as st


def requested_id() -> UUID | None:
    """The id in the address (`?id=…`); None if missing or invalid."""
    return id_in_address("id")


def id_in_address(key: str) -> UUID | None:
    """The id that stands in the address under this key; None if missing or invalid."""
    try:
        return UUID(st.query_params.get(key, ""))
    except ValueError:
        return None
