"""The table in which the questions of a quiz are written."""

from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from actions.quizzes import KINDS, QuestionContent
from database.errors import InputError
from database.frames import records

BETWEEN_OPTIONS = "|"
KIND_LABELS = {"multiple_choice": "Multiple choice", "fill_in_the_blank": "Fill in the blank"}


def question_editor(content: pd.DataFrame, key: str, disabled: bool) -> pd.DataFrame:
    """The questions as the person left them. Takes the frame of `queries.quiz_content.quiz_content`."""
    written = content[content["question_id"].notna()]
    table = pd.DataFrame(
        {
            "id": [str(question_id) for question_id in written["question_id"]],
            "Place": [int(position) for position in written["position"]],
            "Question": list(written["prompt"]),
            "Kind": [KIND_LABELS[kind] for kind in written["kind"]],
            "Options": [f" {BETWEEN_OPTIONS} ".join(map(str, options)) for options in written["options"]],
            "Keyed answer": [answer or "" for answer in written["correct_answer"]],
            "Answers so far": [int(answers) for answers in written["answers"]],
        }
    ).astype({"id": "str", "Question": "str", "Kind": "str", "Options": "str", "Keyed answer": "str"})
    edited: pd.DataFrame = st.data_editor(
        table,
        num_rows="fixed" if disabled else "dynamic",
        disabled=True if disabled else ["id", "Answers so far"],
        hide_index=True,
        column_config={
            "id": None,
            "Place": st.column_config.NumberColumn(min_value=1, step=1, width="small", help="Change it to reorder."),
            "Question": st.column_config.TextColumn(width="large", required=True),
            "Kind": st.column_config.SelectboxColumn(options=list(KIND_LABELS.values()), required=True),
            "Options": st.column_config.TextColumn(
                width="large", help=f"Separated by {BETWEEN_OPTIONS}; empty for a blank."
            ),
            "Keyed answer": st.column_config.TextColumn(help="Exactly as it stands among the options."),
            "Answers so far": st.column_config.NumberColumn(
                help="First answers to the question as it stands. Another text or key begins anew; answers that were "
                "given stay with what was asked, and keep how they were marked."
            ),
        },
        key=key,
        alt="Questions of the quiz",
    )
    return edited


def written_questions(edited: pd.DataFrame) -> tuple[QuestionContent, ...]:
    """The table's rows as questions in the order of their places; raises InputError for a row that cannot be one."""
    rows = sorted(enumerate(records(edited)), key=lambda numbered: (_place(numbered[1], numbered[0]), numbered[0]))
    return tuple(_question(row) for _, row in rows)


def changed_keys(content: pd.DataFrame, questions: tuple[QuestionContent, ...]) -> int:
    """How many answered questions would get another keyed answer."""
    before = {
        row["question_id"]: row["correct_answer"] for row in records(content) if row["question_id"] and row["answers"]
    }
    return sum(question.id in before and before[question.id] != question.correct_answer for question in questions)


def _question(row: dict[str, Any]) -> QuestionContent:
    kinds = dict(zip(KIND_LABELS.values(), KINDS, strict=True))
    kind = kinds.get(_text(row["Kind"]), KINDS[0])
    options = [part.strip() for part in _text(row["Options"]).split(BETWEEN_OPTIONS) if part.strip()]
    return QuestionContent(
        prompt=_text(row["Question"]),
        kind=kind,
        options=tuple(options) if kind == "multiple_choice" else (),
        correct_answer=_text(row["Keyed answer"]) or None,
        id=_id(_text(row["id"])),
    )


def _place(row: dict[str, Any], number: int) -> float:
    place = row["Place"]
    return float(number + 1) if place is None or place != place else float(place)


def _id(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value).strip()


def explained(error: InputError) -> None:
    """Show what was wrong, where the person is looking."""
    st.error(str(error), icon=":material/error:")
