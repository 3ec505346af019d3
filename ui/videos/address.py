"""The second of a video in the address."""

import streamlit as st


def asks_for_second() -> bool:
    return "t" in st.query_params


def requested_second(length_seconds: int | None) -> int | None:
    """The second in the address (`t=517`); None if missing or not in the video."""
    written = st.query_params.get("t", "")
    if not (written.isascii() and written.isdigit()) or len(written) > 9 or length_seconds is None:
        return None
    return int(written) if int(written) < length_seconds else None
