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


def change_address(**changes: str | None) -> None:
    """Write these parameters into the address, None for removing one: one step in the browser's history, or none."""
    before = st.query_params.to_dict()
    after = {name: value for name, value in (before | changes).items() if value is not None}
    if after != before:
        st.query_params.from_dict(after)
