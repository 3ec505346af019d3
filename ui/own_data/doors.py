"""The list of the ways in, on the page "Your data"."""

import streamlit as st

from sources.doors import DOORS, Door
from ui.account.viewer import Viewer
from ui.navigation import page_at
from ui.shared.text import plain

HEADINGS = {"creators": "In the browser", "administrators": "On the server"}


def door_list(seen_by: Viewer) -> None:
    """Every door: what it is for, and the link or the command that opens it."""
    for audience, heading in HEADINGS.items():
        st.header(heading)
        with st.grid(2, min_column_width=340):
            for door in DOORS:
                if door.audience == audience:
                    _door(door, seen_by)


def _door(door: Door, seen_by: Viewer) -> None:
    with st.container(border=True, height="stretch"):
        st.subheader(f"{door.icon} {door.name}", anchor=False)
        st.markdown(door.sentence)
        if door.page and not seen_by.is_staff:
            st.page_link(page_at(door.page), label=door.name, icon=":material/arrow_forward:", width="content")
        if door.command:
            st.code(door.command_for(seen_by.creator.name), language=None, wrap_lines=True)
        if door.docs:
            st.caption(f"See {plain(door.docs)}.")  # as code it would be too pale to read here
