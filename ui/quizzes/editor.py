"""The table for editing the questions of a quiz."""

from dataclasses import dataclass
from uuid import UUID

import pandas as pd
import streamlit as st

from actions.quiz_content import KINDS, QuestionContent
from database.frames import records
from queries.quizzes.content import QuizContentRow
from rules.errors import InputError

BETWEEN_OPTIONS = "|"
KIND_LABELS = {"multiple_choice": "Multiple choice", "fill_in_the_blank": "Fill in the blank"}

FIELDS = {
    "Place": "place",
    "Question": "prompt",
    "Kind": "kind",
    "Options": "options",
    "Correct answer": "correct_answer",
    "Answers": "answers",
}


@dataclass(frozen=True, slots=True)
class EditedQuestion:
    """One row per question of the table; whatever a new row leaves empty is None."""

    id: str | None
    place: float | None
    prompt: str | None
    kind: str | None
    options: str | None
    correct_answer: str | None
    answers: int | None


def question_editor(content: pd.DataFrame, key: str, disabled: bool) -> pd.DataFrame:
    """The questions as edited. Takes the frame of `queries.quizzes.content.quiz_content`."""
    written = content[content["question_id"].notna()]
    table = pd.DataFrame(
        {
            "id": [str(question_id) for question_id in written["question_id"]],
            "Place": [int(position) for position in written["position"]],
            "Question": list(written["prompt"]),
            "Kind": [KIND_LABELS[kind] for kind in written["kind"]],
            "Options": [f" {BETWEEN_OPTIONS} ".join(map(str, options)) for options in written["options"]],
            "Correct answer": [answer or "" for answer in written["correct_answer"]],
            "Answers": [int(answers) for answers in written["answers"]],
        }
    ).astype({"id": "str", "Question": "str", "Kind": "str", "Options": "str", "Correct answer": "str"})
    edited: pd.DataFrame = st.data_editor(
        table,
        num_rows="fixed" if disabled else "dynamic",
        disabled=True if disabled else ["id", "Answers"],
        hide_index=True,
        column_config={
            "id": None,
            "Place": st.column_config.NumberColumn(min_value=1, step=1, width="small", help="Change it to reorder."),
            "Question": st.column_config.TextColumn(width=260, required=True),
            "Kind": st.column_config.SelectboxColumn(options=list(KIND_LABELS.values()), required=True),
            "Options": st.column_config.TextColumn(
                width=200, help=f"Separated by {BETWEEN_OPTIONS}; leave empty to fill in the blank."
            ),
            "Correct answer": st.column_config.TextColumn(width=170, help="Exactly as written among the options."),
            "Answers": st.column_config.NumberColumn(
                help="First answers to the current wording. Changing the text or the correct answer starts a new "
                "count; earlier answers keep their wording and their marks."
            ),
        },
        key=key,
        alt="Questions of the quiz",
    )
    return edited


def written_questions(edited: pd.DataFrame) -> tuple[QuestionContent, ...]:
    """The table's rows as questions in order of position; raises InputError for an invalid row."""
    rows = list(enumerate(records(edited.rename(columns=FIELDS), EditedQuestion)))
    rows.sort(key=lambda numbered: (_place(numbered[1], numbered[0]), numbered[0]))
    return tuple(_question(row) for _, row in rows)


def changed_keys(content: pd.DataFrame, questions: tuple[QuestionContent, ...]) -> int:
    """How many answered questions would get another correct answer."""
    before = {
        row.question_id: row.correct_answer
        for row in records(content, QuizContentRow)
        if row.question_id and row.answers
    }
    return sum(question.id in before and before[question.id] != question.correct_answer for question in questions)


def _question(row: EditedQuestion) -> QuestionContent:
    kinds = dict(zip(KIND_LABELS.values(), KINDS, strict=True))
    kind = kinds.get(_text(row.kind), KINDS[0])
    options = [part.strip() for part in _text(row.options).split(BETWEEN_OPTIONS) if part.strip()]
    return QuestionContent(
        prompt=_text(row.prompt),
        kind=kind,
        options=tuple(options) if kind == "multiple_choice" else (),
        correct_answer=_text(row.correct_answer) or None,
        id=_id(_text(row.id)),
    )


def _place(row: EditedQuestion, number: int) -> float:
    return number + 1 if row.place is None else row.place


def _id(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _text(typed: str | None) -> str:
    return (typed or "").strip()


def explained(error: InputError) -> None:
    """Show the error next to the form."""
    st.error(str(error), icon=":material/error:")
