"""A student's quiz answers and chat questions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame
from database.statements import sql
from queries.cache.caching import cached_query
from rules.archive import ANSWER_ARCHIVED

ATTEMPTS_SHOWN = 50
QUESTIONS_SHOWN = 50

ATTEMPTS = sql("queries/students/attempts")
FAILED_QUESTIONS = sql("queries/students/failed_questions")
QUESTIONS = sql("queries/students/questions_of_student")


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One row per attempt of a student at a quiz."""

    attempt_id: UUID
    quiz_id: UUID
    quiz_title: str
    is_deleted: bool  # the quiz
    attempt_number: int
    score_percent: float
    passed: bool
    time_taken_seconds: int | None
    completed_at: datetime


@cached_query
def attempts_of_student(
    creator_id: UUID, student_id: UUID, limit: int = ATTEMPTS_SHOWN
) -> Annotated[pd.DataFrame, AttemptRow]:
    """The student's quiz attempts, newest first, including those at deleted quizzes."""
    return frame(creator_id, ATTEMPTS, dates=["completed_at"], student_id=student_id, limit=limit)


@dataclass(frozen=True, slots=True)
class FailedQuestionRow:
    """One row per question that a student answered wrong the last time."""

    question_id: UUID
    prompt: str
    quiz_id: UUID
    quiz_title: str
    answer: str | None  # the last one; None: left empty
    correct_answer: str | None
    wrong: int  # times, in the edition answered last
    times: int  # that this edition was answered
    answered_at: datetime


@cached_query
def failed_questions(creator_id: UUID, student_id: UUID) -> Annotated[pd.DataFrame, FailedQuestionRow]:
    """Quiz questions that the student answered wrong the last time, most often wrong first.

    Those of deleted quizzes are left out.
    """
    return frame(creator_id, FAILED_QUESTIONS, dates=["answered_at"], student_id=student_id)


@dataclass(frozen=True, slots=True)
class StudentQuestionRow:
    """One row per question that a student asked in the chat."""

    message_id: UUID
    question: str
    created_at: datetime
    answer: str | None  # the first one after it in the conversation; None: unanswered, or archived
    is_answered: bool
    is_archived: bool  # with its conversation, and so is its answer
    rating: float | None  # 0 to 1
    video_id: UUID | None  # None: about no video, or a deleted one
    video_title: str | None

    @property
    def answer_told(self) -> str | None:
        """The answer, or that it is archived; None: unanswered."""
        return ANSWER_ARCHIVED if self.answer is None and self.is_answered and self.is_archived else self.answer


@cached_query
def questions_of_student(
    creator_id: UUID, student_id: UUID, limit: int = QUESTIONS_SHOWN
) -> Annotated[pd.DataFrame, StudentQuestionRow]:
    """The student's questions in the chat, newest first, from the fold asked_questions."""
    return frame(creator_id, QUESTIONS, dates=["created_at"], student_id=student_id, limit=limit)
