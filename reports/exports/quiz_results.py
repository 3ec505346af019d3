"""Every attempt at every quiz."""

from queries.shown import SHOWN
from reports.exports.filters import QuizResultFilters, period_of
from reports.exports.table import Column, Statement

GRAIN = (
    "One row per attempt that fits the filters, newest first; "
    "attempts of students who left and of deleted quizzes are in no figure and in no row."
)

COLUMNS = (
    Column("completed_at", "Completed", "instant", "When the attempt was handed in.", print_share=2),
    Column("student", "Student", "text", "The student's name.", print_share=2.6),
    Column("email", "E-mail", "text", "The student's address; empty: unknown.", print_share=3),
    Column("quiz", "Quiz", "text", "The quiz's title.", print_share=3.2),
    Column("video", "Video", "text", "The video that the quiz belongs to; empty: none.", print_share=2.6),
    Column(
        "attempt_number", "Attempt", "number", "Which attempt of the student at this quiz.", "from 1", print_share=1
    ),
    Column("score_percent", "Score (%)", "number", "The score.", "percent, 2 decimals", print_share=1.2),
    Column("passed", "Passed", "boolean", "Whether the attempt was passed.", print_share=1.1),
    Column(
        "time_taken_seconds",
        "Time (seconds)",
        "number",
        "The time it took; empty: not known.",
        "seconds",
        print_share=1.2,
    ),
    Column("questions_right", "Answered right", "number", "Questions answered right.", "questions"),
    Column("questions_answered", "Answered", "number", "Questions whose answer is known.", "questions"),
    Column("attempt_id", "Attempt id", "id", "Names the attempt."),
    Column("quiz_id", "Quiz id", "id", "Names the quiz in every export and in the API."),
    Column("student_id", "Student id", "id", "Names the student in every export and in the API."),
    Column("video_id", "Video id", "id", "Names the video in every export and in the API."),
)

BODY = f"""
    -- One row per attempt.
    with {SHOWN},

    attempts_chosen as (
        -- Up to the clock: the student has not left, the quiz is not deleted.
        select
            quiz_attempts.creator_id,
            quiz_attempts.id as attempt_id,
            quiz_attempts.completed_at,
            students.name as student,
            students.email,
            quizzes.title as quiz,
            quizzes.video_id,
            quiz_attempts.attempt_number,
            quiz_attempts.score_percent,
            quiz_attempts.passed,
            quiz_attempts.time_taken_seconds,
            quiz_attempts.quiz_id,
            quiz_attempts.student_id
        from shown
        join quiz_attempts
            on
                quiz_attempts.creator_id = shown.creator_id
                and quiz_attempts.completed_at <= shown.instant
        join students
            on
                students.creator_id = quiz_attempts.creator_id
                and students.id = quiz_attempts.student_id
                and students.deleted_at is null
        join quizzes
            on
                quizzes.creator_id = quiz_attempts.creator_id
                and quizzes.id = quiz_attempts.quiz_id
                and quizzes.deleted_at is null
        where
            (cast(:quiz_id as uuid) is null or quiz_attempts.quiz_id = cast(:quiz_id as uuid))
            and (
                :is_ever
                or (quiz_attempts.completed_at at time zone shown.timezone)::date > shown.today - :days
            )
    ),

    answers_counted as (
        select
            attempts_chosen.creator_id,
            attempts_chosen.attempt_id,
            count(*) as questions_answered,
            count(*) filter (where quiz_answers.is_correct) as questions_right
        from attempts_chosen
        join quiz_answers
            on
                quiz_answers.creator_id = attempts_chosen.creator_id
                and quiz_answers.attempt_id = attempts_chosen.attempt_id
        group by
            attempts_chosen.creator_id,
            attempts_chosen.attempt_id
    )

    select
        attempts_chosen.completed_at,
        attempts_chosen.student,
        attempts_chosen.email,
        attempts_chosen.quiz,
        videos.title as video,
        attempts_chosen.attempt_number,
        round(attempts_chosen.score_percent, 2) as score_percent,
        attempts_chosen.passed,
        attempts_chosen.time_taken_seconds,
        coalesce(answers_counted.questions_right, 0) as questions_right,
        coalesce(answers_counted.questions_answered, 0) as questions_answered,
        attempts_chosen.attempt_id::text as attempt_id,
        attempts_chosen.quiz_id::text as quiz_id,
        attempts_chosen.student_id::text as student_id,
        videos.id::text as video_id
    from attempts_chosen
    left join videos
        on
            videos.creator_id = attempts_chosen.creator_id
            and videos.id = attempts_chosen.video_id
            and videos.deleted_at is null
    left join answers_counted
        on
            answers_counted.creator_id = attempts_chosen.creator_id
            and answers_counted.attempt_id = attempts_chosen.attempt_id
"""


def statement(filters: QuizResultFilters) -> Statement:
    """The rows with COLUMNS."""
    return Statement(
        body=BODY,
        order="completed_at desc, attempt_id asc",
        parameters={
            "quiz_id": filters.quiz_id,
            "is_ever": filters.period is None,
            "days": period_of(filters.period).days,
        },
    )
