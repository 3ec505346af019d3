"""The questions of a quiz: how many got each right, and what students answered to one of them."""

from typing import Any

import pandas as pd
import streamlit as st

from charts.quizzes import answer_bars, correct_bars
from database.frames import records
from queries.definitions import help_for
from queries.question_analysis import WRONG_KEY, finding_in_words
from ui.drawing import show_chart
from ui.filters import keep_in_address, take_from_address
from ui.quiz_findings import ICONS, finding_badge
from ui.quiz_words import percent, telling_in_words
from ui.text import plain

SORTS: dict[str, tuple[str, list[str]]] = {
    "position": ("Quiz order", ["number"]),
    "difficulty": ("Hardest first", ["correct_percent", "number"]),
    "discrimination": ("Least telling first", ["discrimination", "number"]),
}


def question_list(questions: pd.DataFrame) -> pd.DataFrame:
    """A bar per question, in the order chosen (`?question_sort=difficulty`); the questions in that order."""
    with st.container(border=True, height="stretch"):
        st.header("Right at the first attempt", help=help_for("question_correct"))
        labels = {key: label for key, (label, _) in SORTS.items()}
        take_from_address("question_sort", SORTS)
        chosen = st.segmented_control(
            "Order of the questions",
            list(SORTS),
            default=None if "question_sort" in st.session_state else "position",
            required=True,
            format_func=labels.__getitem__,
            key="question_sort",
            label_visibility="collapsed",
        )
        keep_in_address("question_sort", chosen, usual="position")
        ordered = questions.sort_values(SORTS[chosen or "position"][1], na_position="last", ignore_index=True)
        show_chart(correct_bars, ordered, alt="Share of right first answers per question")
    return ordered


def question_detail(ordered: pd.DataFrame, answers: pd.DataFrame) -> None:
    """One question with its answers: the one in the address (`?question=2`), else the most conspicuous.

    Takes `questions` (in the order wanted) and `answers` of `queries.question_analysis`.
    """
    rows = {str(row["number"]): row for row in records(ordered)}
    with st.container(border=True, height="stretch"):
        st.header("What students answered", help=help_for("question_answers"))
        usual = _most_conspicuous(ordered)
        take_from_address("question", rows)
        chosen = st.pills(
            "Question",
            list(rows),
            default=None if "question" in st.session_state else usual,
            required=True,
            format_func=lambda number: _pill(rows[number]),
            key="question",
        )
        keep_in_address("question", chosen, usual=usual)
        row = rows[chosen or usual]
        _question(row)
        given = answers[answers["question_id"] == row["question_id"]]
        if not row["answers"]:
            st.markdown("Nobody has answered this question at a first attempt yet.")
            return
        rival = row["wrong_answer"] if row["finding"] == WRONG_KEY else None
        show_chart(answer_bars, given, rival, alt=f"Students per answer to question {row['number']}")


def what_is_unknown(questions: pd.DataFrame) -> str | None:
    """Which part of the quiz the platform keeps to itself, in words; None where all is known."""
    without_key = bool(questions["correct_answer"].isna().any())
    without_options = bool(((questions["kind"] == "multiple_choice") & ~questions["has_options"].astype(bool)).any())
    if not without_key and not without_options:
        return None
    what = " and ".join(
        part for part, is_so in (("which options there were", without_options), ("the key", without_key)) if is_so
    )
    return (
        f"The platform did not tell {what}, only what students answered and whether it was right. Answers are shown "
        "as it recorded them (“1,2” stands for the first and the second option); options nobody chose are missing."
    )


def _question(row: dict[str, Any]) -> None:
    st.markdown(f"**{row['number']}. {plain(row['prompt'])}**")
    if not pd.isna(row["finding"]):
        finding_badge(row["finding"])
        st.markdown(plain(finding_in_words(row)))
    with st.container(horizontal=True, gap="large"):
        right = f"{percent(row['correct_percent'])}" + (f" ({row['correct']} of {row['answers']})")
        st.metric("Right", right if row["answers"] else "-", width="content", help=help_for("question_correct"))
        known = not pd.isna(row["discrimination"])
        st.metric(
            "Discrimination",
            f"{row['discrimination']:.2f}" if known else "-",
            width="content",
            help=help_for("question_discrimination"),
        )
    st.caption(telling_in_words(row["discrimination"]))


def _most_conspicuous(questions: pd.DataFrame) -> str:
    ranked = questions.assign(
        rank=questions["finding"].map({WRONG_KEY: 0, "hard": 1}).fillna(2),
    ).sort_values(["rank", "correct_percent", "number"], na_position="last")
    return str(ranked["number"].iloc[0])


def _pill(row: dict[str, Any]) -> str:
    return str(row["number"]) if pd.isna(row["finding"]) else f"{ICONS[row['finding']]} {row['number']}"
