"""The questions of a quiz: how many students got each right, and the answers to one of them."""

import pandas as pd
import streamlit as st

from charts.quizzes import answer_bars, correct_bars
from database.frames import records
from queries.definitions import help_for
from queries.quizzes.question_analysis import WRONG_KEY, QuestionRow, finding_in_words
from rules.excerpts import excerpt
from rules.formatting import decimal, grouped, out_of, percent
from rules.visible import visible
from ui.quizzes.findings import ICONS, finding_badge
from ui.quizzes.sentences import telling_in_words
from ui.shared.choices import segment_filter
from ui.shared.drawing import show_chart
from ui.shared.text import plain

LONGEST_PROMPT = 400  # characters; a question may hold a whole program
WHOLE_PIXELS = 300
SORTS: dict[str, tuple[str, list[str]]] = {
    "position": ("Quiz order", ["number"]),
    "difficulty": ("Hardest first", ["correct_percent", "number"]),
    "discrimination": ("Weakest questions first", ["discrimination", "number"]),
}


def question_list(questions: pd.DataFrame) -> pd.DataFrame:
    """A bar per question, in the chosen order (`?question_sort=difficulty`); returns the questions in that order."""
    with st.container(border=True, height="stretch"):
        st.header("Correct at first attempt", help=help_for("question_correct"))
        labels = {key: label for key, (label, _) in SORTS.items()}
        chosen = segment_filter(
            "Order of the questions", "question_sort", labels, "position", is_label_shown=False, starts_over=()
        )
        ordered = questions.sort_values(SORTS[chosen][1], na_position="last", ignore_index=True)
        show_chart(correct_bars, ordered, alt="Share of correct first answers per question")
    return ordered


def question_detail(ordered: pd.DataFrame, answers: pd.DataFrame) -> None:
    """One question with its answers: the one in the address (`?question=2`), otherwise the one that stands out most.

    Takes `questions` (in the chosen order) and `answers` of `queries.quizzes.question_analysis`.
    """
    rows = {str(row.number): row for row in records(ordered, QuestionRow)}
    with st.container(border=True, height="stretch"):
        st.header("What students answered", help=help_for("question_answers"))
        usual = _most_conspicuous(ordered)
        labels = {number: _pill(row) for number, row in rows.items()}
        row = rows[segment_filter("Question", "question", labels, usual, how="pills", starts_over=())]
        _question(row)
        given = answers[answers.question_id == row.question_id]
        if not row.answers:
            st.markdown("No answers at a first attempt yet.")
            return
        rival = row.wrong_answer if row.finding == WRONG_KEY else None
        show_chart(answer_bars, given, rival, alt=f"Students per answer to question {row.number}")


def what_is_unknown(questions: pd.DataFrame) -> str | None:
    """Which part of the quiz the platform does not send, in words; None if it sends everything."""
    without_key = bool(questions["correct_answer"].isna().any())
    without_options = bool(((questions["kind"] == "multiple_choice") & ~questions["has_options"].astype(bool)).any())
    if not without_key and not without_options:
        return None
    what = " and ".join(
        part for part, is_so in (("the options", without_options), ("the correct answer", without_key)) if is_so
    )
    return (
        f"The platform did not send {what}, only what students answered and whether it was correct. Answers appear "
        "as recorded (“1,2” means the first and second options); options that nobody chose are missing."
    )


def _question(row: QuestionRow) -> None:
    st.markdown(f"**{grouped(row.number)}. {plain(excerpt(row.prompt, LONGEST_PROMPT))}**")
    if len(row.prompt) > LONGEST_PROMPT:
        with st.expander("The whole question"), st.container(height=WHOLE_PIXELS):
            st.text(visible(row.prompt))
    if row.finding is not None:
        finding_badge(row.finding)
        st.markdown(plain(finding_in_words(row)))
    with st.container(horizontal=True, gap="large"):
        right = percent(row.correct_percent) + f" ({out_of(row.correct, row.answers)})"
        st.metric("Right", right if row.answers else "-", width="content", help=help_for("question_correct"))
        st.metric(
            "Discrimination",
            "-" if row.discrimination is None else decimal(row.discrimination, 2),
            width="content",
            help=help_for("question_discrimination"),
        )
    st.caption(telling_in_words(row.discrimination))


def _most_conspicuous(questions: pd.DataFrame) -> str:
    ranked = questions.assign(
        rank=questions["finding"].map({WRONG_KEY: 0, "hard": 1}).fillna(2),
    ).sort_values(["rank", "correct_percent", "number"], na_position="last")
    return str(ranked["number"].iloc[0])


def _pill(row: QuestionRow) -> str:
    return f"{ICONS[row.finding]} {row.number}" if row.finding else str(row.number)
