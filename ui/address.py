"""What the address of a page asks for."""

from uuid import UUID

import streamlit as st


def requested_id() -> UUID | None:
    """The id in the address (`?id=…`); None for none or one that nothing can have."""
    try:
        return UUID(st.query_params.get("id", ""))
    except ValueError:
        return None
