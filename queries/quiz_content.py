"""What a quiz asks, and which transcripts a quiz can be drafted from."""

from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query
from queries.shown import SHOWN

QUIZ_CONTENT = f"""
    -- One row per question of the quiz, in order; one row without a question for an empty quiz.
    with {SHOWN}

    select
        quizzes.id as quiz_id,
        quizzes.title,
        quizzes.status,
        quizzes.video_id,
        quiz_questions.id as question_id,
        quiz_questions.position,
        quiz_questions.kind,
        quiz_questions.prompt,
        quiz_questions.options,
        quiz_questions.correct_answer,
        coalesce(question_results.answers, 0) as answers
    from shown
    join quizzes on quizzes.creator_id = shown.creator_id
    left join quiz_questions
        on
            quiz_questions.creator_id = quizzes.creator_id
            and quiz_questions.quiz_id = quizzes.id
    left join question_results
        on
            question_results.creator_id = quiz_questions.creator_id
            and question_results.generation = shown.generation
            and question_results.course = 0
            and question_results.run = 0
            and question_results.question_id = quiz_questions.id
            and question_results.edition = quiz_questions.edition
    where
        quizzes.id = :quiz_id
        and quizzes.deleted_at is null
    order by
        quiz_questions.position,
        quiz_questions.id
"""

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
    order by
        position,
        created_at,
        id
"""


@cached_query
def quiz_content(creator_id: UUID, quiz_id: UUID) -> pd.DataFrame:
    """A quiz with its questions, in order; no row for a quiz that is unknown, deleted or another creator's.

    One row per question: quiz_id, title, status ("draft" or "published"), video_id, question_id
    (None: the quiz is empty), position, kind, prompt, options (list of texts), correct_answer
    (None: the platform only says whether an answer was right), answers (students who answered it, as it is
    asked now, at their first attempt).
    """
    return frame(creator_id, QUIZ_CONTENT, quiz_id=quiz_id)


@cached_query
def videos_with_transcript(creator_id: UUID) -> pd.DataFrame:
    """The videos a quiz can be about, in course order: video_id, title, duration_seconds, transcript ('' without)."""
    return frame(creator_id, VIDEOS_WITH_TRANSCRIPT)
