"""The search of the top bar: a student or a video from any page, while one types."""

from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from database.frames import records
from queries.search import found
from ui.navigation import student_page, video_page
from ui.text import plain

LABEL = "Search students and videos"
SHORTEST = 2  # letters; one alone fits nearly everybody
KINDS = {
    "student": ("Student", ":material/person:", student_page),
    "video": ("Video", ":material/movie:", video_page),
}


def search_box(creator_id: UUID) -> None:
    """A field, and below it the students and videos that fit, each with the way there."""
    # Another page is another field: it is empty again after a result was followed.
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
                f"**Nothing fits “{plain(typed)}”.**  \nThe search looks in names and e-mail addresses of students "
                "and in titles of videos. Try fewer letters."
            )
        for row in records(matches):
            _result(row)


def _result(row: dict[str, Any]) -> None:
    kind, icon, page = KINDS[row["kind"]]
    detail = plain(row["detail"]) if row["detail"] else kind
    label = f"{plain(row['title'])} :small[{detail}]"
    st.page_link(page(), label=label, icon=icon, query_params={"id": str(row["id"])})
