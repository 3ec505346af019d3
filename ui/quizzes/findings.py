"""What needs attention in the quizzes: suspected wrong keys, hard questions, quizzes that are mostly failed."""

from typing import Any

import pandas as pd
import streamlit as st

from database.frames import records
from findings.finding import Finding
from findings.quizzes import about_quiz_questions, about_quizzes
from findings.ranking import ranked
from queries.definitions import help_for, title_of
from queries.quizzes.question_analysis import WRONG_KEY, QuestionRow
from queries.quizzes.results import QuizRow
from rules.excerpts import excerpts
from rules.formatting import grouped
from ui.quizzes.sentences import SHORT_CHARACTERS, findings_headline, short
from ui.shared.links import finding_link, show_link, video_link
from ui.shared.text import plain

SHOWN = 5
ICONS = {WRONG_KEY: ":material/key_off:", "hard": ":material/psychology_alt:"}
BADGES: dict[str, tuple[str, Any]] = {WRONG_KEY: ("Suspected wrong key", "red"), "hard": ("Hard", "orange")}


def flagged_questions_box(flagged: pd.DataFrame) -> None:
    """The misleading questions of all quizzes, each with the reason and a link.

    Takes `queries.quizzes.question_analysis.flagged_questions`.
    """
    with st.container(border=True):
        if flagged.empty:
            st.markdown(":green-badge[:material/check_circle: No question stands out] None is hard or looks wrong.")
            return
        st.header(findings_headline(flagged), help=f"{help_for('question_wrong_key')} {help_for('question_hard')}")
        rows = records(flagged, QuestionRow)
        prompts = excerpts([row.prompt for row in rows], SHORT_CHARACTERS)
        labels = {str(row.question_id): prompt for row, prompt in zip(rows, prompts, strict=True)}
        every = ranked(about_quiz_questions(flagged))
        for finding in every[:SHOWN]:
            _flagged_question(finding, labels[finding.subject])
        if every[SHOWN:]:
            with st.expander(f"{grouped(len(every) - SHOWN)} more"):
                for finding in every[SHOWN:]:
                    _flagged_question(finding, labels[finding.subject])


def finding_badge(finding: str) -> None:
    text, colour = BADGES[finding]
    st.badge(text, color=colour, icon=ICONS[finding])


def struggling_box(struggling: pd.DataFrame) -> None:
    """The quizzes that are failed more often than passed, with their videos; takes `struggling_areas`."""
    with st.container(border=True):
        st.header(title_of("quiz_struggling"), help=help_for("quiz_struggling"))
        if struggling.empty:
            st.markdown(":green-badge[:material/check_circle: None] No quiz is failed more often than passed.")
        rows = {str(row.quiz_id): row for row in records(struggling, QuizRow)}
        for finding in ranked(about_quizzes(struggling)):
            _struggling_quiz(finding, rows[finding.subject])


def _flagged_question(finding: Finding, label: str) -> None:
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            show_link(finding_link(finding), label=plain(label), icon=ICONS[finding.kind])
            finding_badge(finding.kind)
        st.markdown(plain(finding.sentence))


def _struggling_quiz(finding: Finding, row: QuizRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show_link(finding_link(finding), label=short(finding.title), icon=":material/quiz:")
        st.markdown(plain(finding.sentence), width="content")
        if row.video_id:
            show_link(video_link(row.video_id), label=f"Video: {short(row.video_title or '')}", icon=":material/movie:")
