"""The questions of a quiz, and the transcripts a quiz can be drafted from."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame
from database.statements import sql
from queries.cache.caching import cached_query

QUIZ_CONTENT = sql("queries/quizzes/quiz_content")

VIDEOS_WITH_TRANSCRIPT = """
    -- One row per video that is not deleted, in course order.
    select
        id as video_id,
        title,
        coalesce(duration_seconds, 0) as duration_seconds,
        coalesce(transcript, '') as transcript
    from videos
    where
        creator_id = :creator_id
        and deleted_at is null
        and (cast(:course_id as uuid) is null or course_id = cast(:course_id as uuid))
    order by
        position,
        created_at,
        id
"""


@dataclass(frozen=True, slots=True)
class QuizContentRow:
    """One row per question of a quiz; for a quiz without questions, one in which only the quiz is known."""

    quiz_id: UUID
    title: str
    status: str  # draft or published
    video_id: UUID | None
    question_id: UUID | None
    position: int | None
    kind: str | None
    prompt: str | None
    options: list[str] | None
    correct_answer: str | None  # also None if the platform only says whether an answer was right
    answers: int  # students who answered it, as currently asked, on their first attempt


@dataclass(frozen=True, slots=True)
class TranscriptRow:
    """One row per video."""

    video_id: UUID
    title: str
    duration_seconds: int  # 0: unknown
    transcript: str  # empty: there is none


@cached_query
def quiz_content(creator_id: UUID, quiz_id: UUID) -> Annotated[pd.DataFrame, QuizContentRow]:
    """A quiz with its questions, in order; no row for a quiz that is unknown, deleted or another creator's."""
    return frame(creator_id, QUIZ_CONTENT, quiz_id=quiz_id)


@cached_query
def videos_with_transcript(creator_id: UUID) -> Annotated[pd.DataFrame, TranscriptRow]:
    """The videos a quiz can be about, in course order."""
    return frame(creator_id, VIDEOS_WITH_TRANSCRIPT)
