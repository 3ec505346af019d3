"""What one student answered in quizzes and asked in the chat."""

from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query

ATTEMPTS_SHOWN = 50
QUESTIONS_SHOWN = 50

# An id that is unknown, deleted or another creator's finds nobody, and so nothing.
ATTEMPTS = """
    -- One row per quiz attempt, newest first.
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
    join students
        on
            students.creator_id = quiz_attempts.creator_id
            and students.id = quiz_attempts.student_id
            and students.deleted_at is null
    join quizzes
        on
            quizzes.creator_id = quiz_attempts.creator_id
            and quizzes.id = quiz_attempts.quiz_id
    where
        quiz_attempts.creator_id = :creator_id
        and quiz_attempts.student_id = :student_id
        and quiz_attempts.completed_at <= (select dashboard_now())
    order by
        quiz_attempts.completed_at desc,
        quiz_attempts.attempt_number desc,
        quiz_attempts.id asc
    limit :limit
"""

FAILED_QUESTIONS = """
    -- One row per quiz question whose newest answer is wrong, as it was asked then.
    with answers_ranked as (
        select
            answers_given.creator_id,
            answers_given.question_id,
            answers_given.edition,
            answers_given.answer,
            answers_given.is_correct,
            answers_given.completed_at,
            row_number() over (
                partition by answers_given.question_id
                order by
                    answers_given.completed_at desc,
                    answers_given.attempt_number desc,
                    answers_given.attempt_id asc
            ) as place
        from answers_given
        join students
            on
                students.creator_id = answers_given.creator_id
                and students.id = answers_given.student_id
                and students.deleted_at is null
        where
            answers_given.creator_id = :creator_id
            and answers_given.student_id = :student_id
            and answers_given.completed_at <= (select dashboard_now())
    ),

    answers_counted as (
        -- Answers to another edition of the question are answers to another question.
        select
            newest.creator_id,
            newest.question_id,
            newest.edition,
            newest.answer,
            newest.completed_at as answered_at,
            count(*) as times,
            count(*) filter (where not answers_ranked.is_correct) as wrong
        from answers_ranked as newest
        join answers_ranked
            on
                answers_ranked.creator_id = newest.creator_id
                and answers_ranked.question_id = newest.question_id
                and answers_ranked.edition = newest.edition
        where
            newest.place = 1
            and not newest.is_correct
        group by
            newest.creator_id,
            newest.question_id,
            newest.edition,
            newest.answer,
            newest.completed_at
    )

    select
        quiz_questions.id as question_id,
        coalesce(question_editions.prompt, quiz_questions.prompt) as prompt,
        quizzes.id as quiz_id,
        quizzes.title as quiz_title,
        answers_counted.answer,
        case
            when question_editions.edition is null then quiz_questions.correct_answer
            else question_editions.correct_answer
        end as correct_answer,
        answers_counted.wrong,
        answers_counted.times,
        answers_counted.answered_at
    from answers_counted
    join quiz_questions
        on
            quiz_questions.creator_id = answers_counted.creator_id
            and quiz_questions.id = answers_counted.question_id
    join quizzes
        on
            quizzes.creator_id = quiz_questions.creator_id
            and quizzes.id = quiz_questions.quiz_id
            and quizzes.deleted_at is null
    left join question_editions
        on
            question_editions.creator_id = answers_counted.creator_id
            and question_editions.question_id = answers_counted.question_id
            and question_editions.edition = answers_counted.edition
    order by
        answers_counted.wrong desc,
        answers_counted.answered_at desc,
        quizzes.position asc,
        quiz_questions.position asc,
        quiz_questions.id asc
"""

QUESTIONS = """
    -- One row per question in the chat, newest first, with the first answer that follows it.
    with questions_found as (
        select
            asked_questions.creator_id,
            asked_questions.session_id,
            asked_questions.message_id,
            asked_questions.video_id,
            asked_questions.wording,
            asked_questions.asked_at,
            asked_questions.is_answered,
            asked_questions.rating_hundredths
        from asked_questions
        join shown_generations
            on
                shown_generations.creator_id = asked_questions.creator_id
                and shown_generations.generation = asked_questions.generation
        where
            asked_questions.creator_id = :creator_id
            and asked_questions.course = 0
            and asked_questions.run = 0
            and asked_questions.student_id = :student_id
            and asked_questions.asked_at <= dashboard_now()
        order by
            asked_questions.asked_at desc,
            asked_questions.message_id asc
        limit :limit
    )

    select
        questions_found.message_id,
        questions_found.wording as question,
        questions_found.asked_at as created_at,
        (
            select answers.content
            from chat_messages as answers
            where
                answers.creator_id = questions_found.creator_id
                and answers.session_id = questions_found.session_id
                and answers.role = 'assistant'
                and answers.sequence > messages.sequence
                and answers.created_at <= dashboard_now()
            order by answers.sequence
            limit 1
        ) as answer,
        questions_found.is_answered,
        questions_found.rating_hundredths / 100.0 as rating,
        videos.id as video_id,
        videos.title as video_title
    from questions_found
    left join chat_messages as messages
        on messages.creator_id = questions_found.creator_id
        and messages.id = questions_found.message_id
    left join videos
        on videos.creator_id = questions_found.creator_id
        and videos.id = questions_found.video_id
        and videos.deleted_at is null
    order by
        questions_found.asked_at desc,
        questions_found.message_id asc
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
    often it was answered wrong, and at all, in the edition that was answered last), answered_at.
    """
    return frame(creator_id, FAILED_QUESTIONS, dates=["answered_at"], student_id=student_id)


@cached_query
def questions_of_student(creator_id: UUID, student_id: UUID, limit: int = QUESTIONS_SHOWN) -> pd.DataFrame:
    """What the student asked in the chat, newest first, from the fold asked_questions.

    One row per question: message_id, question, created_at, answer (the first one after it in the
    conversation; None: unanswered), is_answered, rating (0 to 1; NaN: unrated), video_id and
    video_title (None: about no video, or a deleted one).
    """
    return frame(creator_id, QUESTIONS, dates=["created_at"], student_id=student_id, limit=limit)
