"""Links to the page that is open, with other parameters: they stand in the address like any other link."""

from pathlib import Path

import streamlit as st

_links = st.components.v2.component("same_page_links", js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"))


def same_page_links_followed() -> None:
    """Mount it once a run, out of the way of the page."""
    with st.container(key="same_page"):
        _links(key="same_page_links")
