"""What needs attention in the quizzes: suspected keys, hard questions, quizzes that are mostly failed."""

from typing import Any

import pandas as pd
import streamlit as st

from database.frames import records
from queries.definitions import help_for
from queries.question_analysis import WRONG_KEY, finding_in_words
from ui.navigation import quiz_page, video_page
from ui.quiz_words import failed_share, findings_headline, short
from ui.text import plain

SHOWN = 5
ICONS = {WRONG_KEY: ":material/key_off:", "hard": ":material/psychology_alt:"}
BADGES: dict[str, tuple[str, Any]] = {WRONG_KEY: ("Suspected wrong key", "red"), "hard": ("Hard", "orange")}


def flagged_questions_box(flagged: pd.DataFrame) -> None:
    """The questions of all quizzes that mislead, each with the reason and a way to it.

    Takes `queries.question_analysis.flagged_questions`.
    """
    with st.container(border=True):
        if flagged.empty:
            st.markdown(":green-badge[:material/check_circle: No question stands out] None is hard or seems wrong.")
            return
        st.header(findings_headline(flagged), help=f"{help_for('question_wrong_key')} {help_for('question_hard')}")
        every = records(flagged)
        for row in every[:SHOWN]:
            _flagged_question(row)
        if every[SHOWN:]:
            with st.expander(f"{len(every) - SHOWN:,} more"):
                for row in every[SHOWN:]:
                    _flagged_question(row)


def finding_badge(finding: str) -> None:
    text, colour = BADGES[finding]
    st.badge(text, color=colour, icon=ICONS[finding])


def struggling_box(struggling: pd.DataFrame) -> None:
    """The quizzes that are failed more often than passed, with their videos; takes `struggling_areas`."""
    with st.container(border=True):
        st.header("Struggling areas", help=help_for("quiz_struggling"))
        if struggling.empty:
            st.markdown(":green-badge[:material/check_circle: None] No quiz is failed more often than passed.")
        for row in records(struggling):
            _struggling_quiz(row)


def _flagged_question(row: dict[str, Any]) -> None:
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.page_link(
                quiz_page(),
                label=short(row["prompt"]),
                icon=ICONS[row["finding"]],
                query_params={"id": str(row["quiz_id"]), "question": str(row["number"])},
            )
            finding_badge(row["finding"])
        st.markdown(plain(finding_in_words(row)))
        st.caption(f"Question {row['number']} of {plain(row['quiz_title'])}")


def _struggling_quiz(row: dict[str, Any]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.page_link(
            quiz_page(), label=short(row["title"]), icon=":material/quiz:", query_params={"id": str(row["quiz_id"])}
        )
        st.markdown(f"{failed_share(row)}.", width="content")
        if not pd.isna(row["video_id"]):
            st.page_link(
                video_page(),
                label=f"Video: {short(row['video_title'])}",
                icon=":material/movie:",
                query_params={"id": str(row["video_id"])},
            )
