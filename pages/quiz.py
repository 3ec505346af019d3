"""One quiz, question by question: the page. An unknown id and another creator's look the same."""

from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from charts.quizzes import score_bars
from database.frames import records
from queries.definitions import help_for
from queries.question_analysis import answers, questions
from queries.quizzes import quiz, score_distribution, students_without_a_pass
from ui.drawing import show_chart
from ui.empty import nothing_yet
from ui.navigation import quiz_edit_page, quizzes_page, video_page
from ui.quiz_cards import quiz_cards
from ui.quiz_questions import question_detail, question_list, what_is_unknown
from ui.quiz_table import not_passed_table
from ui.quiz_words import quiz_sentence, short
from ui.text import plain
from ui.viewer import viewer

seen_by = viewer()
creator_id = seen_by.creator_id


def _requested_id() -> UUID | None:
    try:
        return UUID(st.query_params.get("id", ""))
    except ValueError:
        return None


def _ways_out(row: dict[str, Any]) -> None:
    with st.container(horizontal=True):
        if not pd.isna(row["video_id"]):
            st.page_link(
                video_page(),
                label=f"Video: {short(row['video_title'])}",
                icon=":material/movie:",
                query_params={"id": str(row["video_id"])},
            )
        if not seen_by.is_staff:
            st.page_link(
                quiz_edit_page(),
                label="Edit the questions",
                icon=":material/edit:",
                query_params={"id": str(row["quiz_id"])},
            )


quiz_id = _requested_id()
found = quiz(creator_id, quiz_id) if quiz_id else None
st.page_link(quizzes_page(), label="All quizzes", icon=":material/arrow_back:")
if quiz_id is None or found is None or found.empty:
    st.title("Quiz")
    nothing_yet("There is no such quiz.", "It may have been deleted. Look for it among all quizzes.")
    st.stop()

row = records(found)[0]
with st.container(horizontal=True, vertical_alignment="center"):
    st.title(plain(row["title"]), anchor=False, width="content")
    if row["status"] == "draft":
        st.badge("Draft", color="gray")
asked = questions(creator_id, quiz_id)
st.markdown(quiz_sentence(row, asked))
_ways_out(row)
if not row["attempts"]:
    nothing_yet("Nobody has taken this quiz yet.", "Figures appear within a minute of the first attempt.")
    st.stop()

quiz_cards(row)
if asked.empty:
    nothing_yet("The platform sent no questions of this quiz.", "Attempts and scores are all that is known.")
else:
    if unknown := what_is_unknown(asked):
        st.caption(unknown)
    with st.grid(2, min_column_width=340):
        ordered = question_list(asked)
        question_detail(ordered, answers(creator_id, quiz_id))

with st.grid(2, min_column_width=340):
    with st.container(border=True, height="stretch"):
        st.header("Scores", help=help_for("quiz_scores"))
        show_chart(score_bars, score_distribution(creator_id, quiz_id), alt="Attempts per ten percent of the score")
    with st.container(border=True, height="stretch"):
        st.header("Not passed yet", help=help_for("quiz_without_a_pass"))
        failing = students_without_a_pass(creator_id, quiz_id)
        if failing.empty:
            st.markdown(":green-badge[:material/check_circle: Nobody] Everyone who tried has passed.")
        else:
            st.markdown(f"**{len(failing):,} of {row['students']:,}** students who tried have not passed.")
            not_passed_table(failing, seen_by.creator.timezone)
