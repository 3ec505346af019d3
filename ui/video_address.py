"""Which video, and which second of it, the address of the page asks for."""

from uuid import UUID

import streamlit as st


def requested_video_id() -> UUID | None:
    """The id in the address; None for none or one that no video can have."""
    try:
        return UUID(st.query_params.get("id", ""))
    except ValueError:
        return None


def asks_for_second() -> bool:
    return "t" in st.query_params


def requested_second(length_seconds: int | None) -> int | None:
    """The second in the address (`t=517`); None for none, or one that is not in the video."""
    written = st.query_params.get("t", "")
    if not (written.isascii() and written.isdigit()) or len(written) > 9 or length_seconds is None:
        return None
    return int(written) if int(written) < length_seconds else None
