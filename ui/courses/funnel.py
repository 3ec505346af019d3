"""The sentences, the selection and the list of the funnel page."""

from uuid import UUID

import pandas as pd
import streamlit as st

from database.frames import records
from findings.people import about_the_course
from findings.ranking import ranked
from queries.courses.funnel import Drop, FunnelRow, StuckStudentRow
from rules.formatting import counted, grouped, percent_of_people
from rules.sentences import sentence
from ui.navigation import student_page, video_page
from ui.shared.empty import nothing_yet
from ui.shared.filters import keep_in_address, take_from_address
from ui.shared.text import plain

STUDENTS_PER_PAGE = 20
VIDEO, PAGE = "stuck_at", "stuck_page"  # a different key from the questions page: each page keeps its own video


@sentence
def funnel_sentences(steps: pd.DataFrame) -> str:
    """Where most students of each course are stuck, and its steepest drop, as Markdown; takes the funnel's frame."""
    found = ranked(about_the_course(steps))
    said = [plain(finding.sentence) for finding in found]
    if not any(finding.kind == "drop" for finding in found):
        said.append("Too few students have got far enough to show where they stop.")
    if not any(finding.kind == "stuck" for finding in found):
        said.append("Nobody is stuck.")
    return " ".join(said)


def video_links(drop: Drop | None) -> None:
    """A link to the video after which most students are lost."""
    if drop:
        st.page_link(
            video_page(),
            label=f"Look at {plain(drop.title)}",
            icon=":material/movie:",
            query_params={"id": str(drop.video_id)},
        )


def chosen_video(steps: pd.DataFrame, usual: UUID) -> UUID:
    """The video whose stuck students are listed, `?stuck_at=…`; a default for any other address.

    Known before the selection is drawn, which is below the chart. Takes the frame of `queries.courses.funnel.funnel`.
    """
    ids = {str(video_id) for video_id in steps["video_id"]}
    take_from_address(VIDEO, ids)
    if st.session_state.get(VIDEO) not in ids:  # none yet, or a deleted video
        st.session_state[VIDEO] = str(usual)
    return UUID(st.session_state[VIDEO])


def video_choice(steps: pd.DataFrame, usual: UUID) -> None:
    """The selection of that video, with how many are stuck at each."""
    labels = {
        str(row.video_id): f"{row.place}. {row.title} ({grouped(row.stuck)} stuck)" for row in records(steps, FunnelRow)
    }
    chosen = st.selectbox(
        "Video",
        list(labels),
        format_func=lambda key: labels.get(key, key),
        key=VIDEO,
        on_change=_first_page,
    )
    keep_in_address(VIDEO, chosen, usual=str(usual))


def stuck_list(students: pd.DataFrame) -> None:
    """The stuck students, longest away first, each with a link to their page.

    Takes the frame of `queries.courses.funnel.stuck_students`.
    """
    if students.empty:
        nothing_yet(
            "No one is stuck at this video.",
            "Those who started it have moved on, finished it or been active in the last three days. "
            "Choose another video.",
        )
        return
    pages = -(-len(students) // STUDENTS_PER_PAGE)
    page = min(st.session_state.get(PAGE) or 1, pages)
    for row in records(students.iloc[(page - 1) * STUDENTS_PER_PAGE : page * STUDENTS_PER_PAGE], StuckStudentRow):
        _student(row)
    if pages > 1:
        st.session_state[PAGE] = page
        st.pagination(pages, key=PAGE)


def _student(row: StuckStudentRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.page_link(
            student_page(),
            label=f"**{plain(row.name)}**",
            icon=":material/person:",
            width="content",
            query_params={"id": str(row.student_id)},
        )
        st.markdown(_in_words(row), width="content")


def _in_words(row: StuckStudentRow) -> str:
    share, days = row.watched_percent, int(row.silent_days)
    away = f"away {counted(days, 'day')}"
    return away if share is None else f"watched {percent_of_people(share)}, {away}"


def _first_page() -> None:
    st.session_state[PAGE] = 1
