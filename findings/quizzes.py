"""Quizzes that are failed more often than passed, hard questions, and probably wrong answer keys."""

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import records
from findings.finding import Finding
from queries.quizzes.question_analysis import WRONG_KEY, QuestionRow, finding_in_words
from queries.quizzes.results import QuizResult, struggling_areas
from rules.formatting import counted, grouped, quoted, students
from rules.sentences import sentence


def about_quiz_questions(flagged: pd.DataFrame) -> list[Finding]:
    """Suspected wrong keys, then the hardest; takes `queries.quizzes.question_analysis.flagged_questions`."""
    return [_wrong_key(row) if row.finding == WRONG_KEY else _hard(row) for row in records(flagged, QuestionRow)]


def about_quizzes(quizzes: pd.DataFrame) -> list[Finding]:
    """Quizzes failed more often than passed; takes `queries.quizzes.results.quizzes`, or rows of it for one video."""
    return [
        failed_quiz(row.quiz_id, row.title, row.attempts, row.passed, row.students)
        for row in records(struggling_areas(quizzes), QuizResult)
    ]


def failed_quiz(quiz_id: UUID, title: str, attempts: int, passed: int, takers: int) -> Finding:
    """That so many attempts at a quiz failed."""
    return Finding(
        "quiz",
        takers,
        f"{grouped(attempts - passed)} of {counted(attempts, 'attempt')} at “{title}” by {students(takers)} failed.",
        f"Review “{title}”",
        "Check whether the video teaches what the quiz asks, and whether the questions are misleading.",
        "quiz",
        (("id", str(quiz_id)),),
        str(quiz_id),
        title,
    )


@sentence
def key_advice(chosen: str | None, marked: str | None) -> str:
    """What to do about a suspected key; 1.10 and 1.1 are one number and yet may be two answers."""
    if _as_number(chosen) is not None and _as_number(chosen) == _as_number(marked):
        return f"“{chosen}” and “{marked}” are the same number: accept both if either is right, and keep the key."
    return "Check which answer is marked as correct."


def _as_number(answer: Any) -> Decimal | None:
    try:
        return Decimal(str(answer).strip().replace(",", "."))
    except InvalidOperation:
        return None


def _wrong_key(row: QuestionRow) -> Finding:
    question = f"question {grouped(row.number)} in “{row.quiz_title}”"
    return Finding(
        "wrong_key",
        row.wrong_answer_students or 0,
        f"The answer key of {question} may be wrong: {finding_in_words(row)}",
        f"Check the answer key of {question}",
        key_advice(row.wrong_answer, row.correct_answer),
        *_place(row),
    )


def _hard(row: QuestionRow) -> Finding:
    return Finding(
        "hard",
        int(row.answers - row.correct),
        f"Question {grouped(row.number)} in “{row.quiz_title}” is hard. {finding_in_words(row)}",
        f"Teach what question {grouped(row.number)} in “{row.quiz_title}” asks",
        "Teach this point again, or ask more clearly.",
        *_place(row),
    )


def _place(row: QuestionRow) -> tuple[str, tuple[tuple[str, str], ...], str, str]:
    """Page, parameters, subject and title of a question."""
    asked = (("id", str(row.quiz_id)), ("question", str(row.number)))
    title = f"{row.quiz_title}, question {grouped(row.number)}: {quoted(row.prompt)}"
    return "quiz", asked, str(row.question_id), title
