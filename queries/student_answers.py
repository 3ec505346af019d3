"""What one student answered in quizzes and asked in the chat."""

from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query
from queries.student_history import STUDENT_FOUND

ATTEMPTS_SHOWN = 50
QUESTIONS_SHOWN = 50

ATTEMPTS = f"""
    -- One row per quiz attempt, newest first.
    with {STUDENT_FOUND}

    select
        quiz_attempts.id as attempt_id,
        quizzes.id as quiz_id,
        quizzes.title as quiz_title,
        quizzes.deleted_at is not null as is_deleted,
        quiz_attempts.attempt_number,
        quiz_attempts.score_percent,
        quiz_attempts.passed,
        quiz_attempts.time_taken_seconds,
        quiz_attempts.completed_at
    from quiz_attempts
    join student_found on student_found.student_id = quiz_attempts.student_id
    join quizzes
        on quizzes.creator_id = quiz_attempts.creator_id
        and quizzes.id = quiz_attempts.quiz_id
    where quiz_attempts.creator_id = :creator_id
    order by
        quiz_attempts.completed_at desc,
        quiz_attempts.attempt_number desc,
        quiz_attempts.id asc
    limit :limit
"""

FAILED_QUESTIONS = f"""
    -- One row per quiz question whose newest answer is wrong.
    with {STUDENT_FOUND},

    answers_ranked as (
        select
            quiz_answers.question_id,
            quiz_answers.answer,
            quiz_answers.is_correct,
            quiz_attempts.completed_at,
            row_number() over (
                partition by quiz_answers.question_id
                order by
                    quiz_attempts.completed_at desc,
                    quiz_attempts.attempt_number desc,
                    quiz_attempts.id asc
            ) as place
        from quiz_attempts
        join student_found on student_found.student_id = quiz_attempts.student_id
        join quiz_answers
            on quiz_answers.creator_id = quiz_attempts.creator_id
            and quiz_answers.attempt_id = quiz_attempts.id
        where quiz_attempts.creator_id = :creator_id
    ),

    answers_counted as (
        select
            question_id,
            count(*) as times,
            count(*) filter (where not is_correct) as wrong,
            bool_or(is_correct) filter (where place = 1) as is_known_now,
            max(answer) filter (where place = 1) as answer,
            max(completed_at) as answered_at
        from answers_ranked
        group by question_id
    )

    select
        quiz_questions.id as question_id,
        quiz_questions.prompt,
        quizzes.id as quiz_id,
        quizzes.title as quiz_title,
        answers_counted.answer,
        quiz_questions.correct_answer,
        answers_counted.wrong,
        answers_counted.times,
        answers_counted.answered_at
    from answers_counted
    join quiz_questions
        on quiz_questions.creator_id = :creator_id
        and quiz_questions.id = answers_counted.question_id
    join quizzes
        on quizzes.creator_id = quiz_questions.creator_id
        and quizzes.id = quiz_questions.quiz_id
        and quizzes.deleted_at is null
    where not answers_counted.is_known_now
    order by
        answers_counted.wrong desc,
        answers_counted.answered_at desc,
        quizzes.position asc,
        quiz_questions.position asc,
        quiz_questions.id asc
"""

QUESTIONS = """
    -- One row per question in the chat, newest first, with the first answer that follows it.
    select
        questions_asked.id as message_id,
        trim(questions_asked.content) as question,
        questions_asked.created_at,
        answers.content as answer,
        questions_asked.is_answered,
        questions_asked.rating,
        videos.id as video_id,
        videos.title as video_title
    from questions_asked
    left join lateral (
        select later.content
        from chat_messages as later
        where
            later.creator_id = questions_asked.creator_id
            and later.session_id = questions_asked.session_id
            and later.role = 'assistant'
            and (later.created_at, later.id) > (questions_asked.created_at, questions_asked.id)
        order by
            later.created_at,
            later.id
        limit 1
    ) as answers on true
    left join videos
        on videos.creator_id = questions_asked.creator_id
        and videos.id = questions_asked.video_id
        and videos.deleted_at is null
    where
        questions_asked.creator_id = :creator_id
        and questions_asked.student_id = :student_id
    order by
        questions_asked.created_at desc,
        questions_asked.id asc
    limit :limit
"""


@cached_query
def attempts_of_student(creator_id: UUID, student_id: UUID, limit: int = ATTEMPTS_SHOWN) -> pd.DataFrame:
    """The student's quiz attempts, newest first, those of deleted quizzes included.

    One row per attempt: attempt_id, quiz_id, quiz_title, is_deleted (the quiz), attempt_number,
    score_percent, passed, time_taken_seconds (NaN: unknown), completed_at.
    """
    return frame(creator_id, ATTEMPTS, dates=["completed_at"], student_id=student_id, limit=limit)


@cached_query
def failed_questions(creator_id: UUID, student_id: UUID) -> pd.DataFrame:
    """Quiz questions that the student answered wrong the last time, most often wrong first.

    One row per question of a quiz that is not deleted: question_id, prompt, quiz_id, quiz_title,
    answer (the last one; None: left empty), correct_answer (None: unknown), wrong and times (how
    often it was answered wrong, and at all), answered_at.
    """
    return frame(creator_id, FAILED_QUESTIONS, dates=["answered_at"], student_id=student_id)


@cached_query
def questions_of_student(creator_id: UUID, student_id: UUID, limit: int = QUESTIONS_SHOWN) -> pd.DataFrame:
    """What the student asked in the chat, newest first, from the view questions_asked.

    One row per question: message_id, question, created_at, answer (the first one after it in the
    conversation; None: unanswered), is_answered, rating (0 to 1; NaN: unrated), video_id and
    video_title (None: about no video, or a deleted one).
    """
    return frame(creator_id, QUESTIONS, dates=["created_at"], student_id=student_id, limit=limit)
