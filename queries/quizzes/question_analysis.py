"""Which questions are hard, and which seem to have a wrong answer key: first attempts only."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import pandas as pd

from database.frames import frame, with_floats
from database.statements import sql
from queries.cache.caching import cached_query
from rules.excerpts import excerpts
from rules.formatting import LONGEST_QUOTE, grouped, out_of, percent, percent_of_people, quoted, students
from rules.limits import HARD_SHARE, LEAST_ANSWERS, WRONG_KEY_DISCRIMINATION
from rules.sentences import sentence

WRONG_KEY, HARD = "wrong_key", "hard"
LIMITS: dict[str, Any] = {
    "least_answers": LEAST_ANSWERS,
    "hard_share": HARD_SHARE,
    "wrong_key_discrimination": WRONG_KEY_DISCRIMINATION,
}

QUESTIONS = sql("queries/quizzes/questions")
ANSWERS = sql("queries/quizzes/answers")

MEASURES = [
    "correct_percent",
    "discrimination",
    "keyed_rest_percent",
    "wrong_answer_students",
    "wrong_answer_rest_percent",
]


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One row per question, judged by students' first attempts; a figure of nothing is None."""

    quiz_id: UUID
    quiz_title: str
    quiz_position: int
    number: int  # in the quiz, from 1
    question_id: UUID
    kind: str
    prompt: str
    correct_answer: str | None  # None: the platform only says what was right
    has_options: bool
    answers: int
    correct: int
    correct_percent: float | None
    discrimination: float | None  # -1 to 1, from 10 answers
    keyed_rest_percent: float | None  # how right those who got it right were on the other questions
    wrong_answer: str | None  # the most significant one
    wrong_answer_students: int | None
    wrong_answer_rest_percent: float | None
    finding: str | None  # wrong_key or hard


@cached_query
def questions(creator_id: UUID, quiz_id: UUID) -> Annotated[pd.DataFrame, QuestionRow]:
    """The questions of a quiz in order, judged by students' first attempts."""
    return _measured(frame(creator_id, QUESTIONS, quiz_id=quiz_id, **LIMITS))


@cached_query
def flagged_questions(creator_id: UUID) -> Annotated[pd.DataFrame, QuestionRow]:
    """Questions of all quizzes with a finding, suspected wrong keys first, then the hardest; columns of `questions`."""
    return _measured(frame(creator_id, QUESTIONS, quiz_id=None, **LIMITS))


@cached_query
def answers(creator_id: UUID, quiz_id: UUID) -> pd.DataFrame:
    """What students answered on first attempts, options that nobody chose included.

    One row per question and answer, in the order of the questions, then of the options, then by
    students: question_id, answer (missing: none given), students, is_keyed.
    """
    return frame(creator_id, ANSWERS, quiz_id=quiz_id)


@sentence
def finding_in_words(row: QuestionRow) -> str:
    """Why a question is flagged, as plain text; takes a row of `questions` that has a finding."""
    return _wrong_key_in_words(row) if row.finding == WRONG_KEY else _hard_in_words(row)


def _wrong_key_in_words(row: QuestionRow) -> str:
    marked, wrong = excerpts([row.correct_answer or "", row.wrong_answer or ""], LONGEST_QUOTE)
    marked = f" “{marked}”," if marked else ""
    return (
        f"{out_of(row.wrong_answer_students or 0, row.answers)} chose “{wrong}”, "
        f"and they did better on the rest ({percent(row.wrong_answer_rest_percent)} right) "
        f"than the {grouped(row.correct)} who chose{marked} the answer marked correct "
        f"({percent(row.keyed_rest_percent)})."
    )


def _hard_in_words(row: QuestionRow) -> str:
    if not row.correct:
        return f"None of {students(row.answers)} got it right at the first attempt{_favourite(row)}."
    return (
        f"Only {out_of(row.correct, row.answers, 'student')} "
        f"({percent_of_people(row.correct_percent)}) got it right "
        f"at the first attempt{_favourite(row)}."
    )


def _favourite(row: QuestionRow) -> str:
    if row.wrong_answer is None:
        return ""
    return f"; {grouped(row.wrong_answer_students or 0)} answered {quoted(row.wrong_answer)}"


def _measured(rows: pd.DataFrame) -> pd.DataFrame:
    return with_floats(rows, MEASURES)
