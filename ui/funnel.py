"""The words, the choice and the list of the funnel."""

from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from database.frames import records
from queries.changes import whole_rate
from queries.funnel import Drop
from ui.empty import nothing_yet
from ui.filters import keep_in_address, take_from_address
from ui.navigation import student_page, video_page
from ui.text import plain

STUDENTS_PER_PAGE = 20
VIDEO, PAGE = "stuck_at", "stuck_page"  # another key than that of the questions: each page keeps its own video


def drop_in_words(drop: Drop | None) -> str:
    """The steepest drop as a sentence."""
    if drop is None:
        return "Too few students have got far enough to say where they stop."
    return (
        f"The steepest drop is after **{plain(drop.title)}**: {drop.lost:,} of the {drop.reached:,} students who got "
        f"there ({whole_rate(drop.lost_percent)} %) have not reached **{plain(drop.next_title)}**."
    )


def stuck_in_words(step: dict[str, Any] | None) -> str:
    """Where most students are stuck, from a row of `queries.funnel.funnel`."""
    if step is None:
        return "Nobody is stuck."
    students = "1 student is" if step["stuck"] == 1 else f"{step['stuck']:,} students are"
    return f"Most are stuck at **{plain(step['title'])}**: {students} silent after starting it, and did not finish it."


def video_links(drop: Drop | None) -> None:
    """The way to the video after which most students are lost."""
    if drop:
        st.page_link(
            video_page(),
            label=f"Look at {plain(drop.title)}",
            icon=":material/movie:",
            query_params={"id": str(drop.video_id)},
        )


def video_choice(steps: pd.DataFrame, usual: UUID) -> UUID:
    """The video whose stuck students are listed, `?stuck_at=…`; the usual one for any other address.

    Takes the frame of `queries.funnel.funnel`.
    """
    labels = {
        str(row["video_id"]): f"{row['place']}. {row['title']} ({row['stuck']:,} stuck)" for row in records(steps)
    }
    take_from_address(VIDEO, labels)
    if st.session_state.get(VIDEO) not in labels:  # none yet, or a video that is gone
        st.session_state[VIDEO] = str(usual)
    chosen = st.selectbox(
        "Video",
        list(labels),
        format_func=lambda key: labels.get(key, key),
        key=VIDEO,
        on_change=_first_page,
    )
    keep_in_address(VIDEO, chosen, usual=str(usual))
    return UUID(chosen)


def stuck_list(students: pd.DataFrame) -> None:
    """Who is stuck, longest silent first, each with the way to their page.

    Takes the frame of `queries.funnel.stuck_students`.
    """
    if students.empty:
        nothing_yet(
            "Nobody is stuck at this video.",
            "Whoever started it went on, finished it or was here in the last three days. Choose another video.",
        )
        return
    pages = -(-len(students) // STUDENTS_PER_PAGE)
    page = min(st.session_state.get(PAGE) or 1, pages)
    for row in records(students.iloc[(page - 1) * STUDENTS_PER_PAGE : page * STUDENTS_PER_PAGE]):
        _student(row)
    if pages > 1:
        st.session_state[PAGE] = page
        st.pagination(pages, key=PAGE)


def _student(row: dict[str, Any]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.page_link(
            student_page(),
            label=f"**{plain(row['name'])}**",
            icon=":material/person:",
            width="content",
            query_params={"id": str(row["student_id"])},
        )
        st.markdown(_in_words(row), width="content")


def _in_words(row: dict[str, Any]) -> str:
    share, days = row["watched_percent"], int(row["silent_days"])
    silent = f"silent for {days:,} days"
    return silent if pd.isna(share) else f"watched {whole_rate(share)} %, {silent}"


def _first_page() -> None:
    st.session_state[PAGE] = 1
