"""The search of the top bar: find a student or a video from any page, while typing."""

from collections.abc import Callable
from uuid import UUID

import pandas as pd
import streamlit as st

from database.frames import records
from queries.overview.search import FoundRow, found
from ui.shared.links import Link, show_link, student_link, video_link
from ui.shared.text import plain

LABEL = "Search students and videos"
SHORTEST = 2  # letters; a single one matches nearly everybody
KINDS: dict[str, tuple[str, str, Callable[[UUID], Link]]] = {
    "student": ("Student", ":material/person:", student_link),
    "video": ("Video", ":material/movie:", video_link),
}


def search_box(creator_id: UUID) -> None:
    """A search field, and below it the matching students and videos, each with a link."""
    # Each page has its own field: it is empty again after following a result.
    place = f"{st.context.url or ''}?{st.query_params.get('id', '')}"
    _live_search(creator_id, f"search_everywhere_{place}")


@st.fragment
def _live_search(creator_id: UUID, key: str) -> None:
    with st.container():
        typed = st.text_input(
            LABEL,
            key=key,
            type="search",
            live="300ms",
            placeholder=LABEL,
            icon=":material/search:",
            label_visibility="collapsed",
        )
        if len((typed or "").strip()) >= SHORTEST:
            _results(found(creator_id, str(typed)), str(typed))


def _results(matches: pd.DataFrame, typed: str) -> None:
    with st.container(border=True, gap="xsmall"):
        if matches.empty:
            st.markdown(
                f"**No results for “{plain(typed)}”.**  \nSearch covers students' names and email addresses, "
                "and video titles. Try fewer letters."
            )
        for row in records(matches, FoundRow):
            _result(row)


def _result(row: FoundRow) -> None:
    kind, icon, link = KINDS[row.kind]
    detail = plain(row.detail) if row.detail else kind
    label = f"{plain(row.title)} :small[{detail}]"
    show_link(link(row.id), label=label, icon=icon)
