"""Every attempt at every quiz."""

from queries.quizzes import ATTEMPTS
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
    with {ATTEMPTS},

    answers_counted as (
        select
            attempt_id,
            count(*) as questions_answered,
            count(*) filter (where is_correct) as questions_right
        from quiz_answers
        where creator_id = :creator_id
        group by attempt_id
    )

    select
        attempts_that_count.completed_at,
        students.name as student,
        students.email,
        quizzes.title as quiz,
        videos.title as video,
        attempts_that_count.attempt_number,
        round(attempts_that_count.score_percent, 2) as score_percent,
        attempts_that_count.passed,
        attempts_that_count.time_taken_seconds,
        coalesce(answers_counted.questions_right, 0) as questions_right,
        coalesce(answers_counted.questions_answered, 0) as questions_answered,
        attempts_that_count.id::text as attempt_id,
        attempts_that_count.quiz_id::text as quiz_id,
        attempts_that_count.student_id::text as student_id,
        videos.id::text as video_id
    from attempts_that_count
    join creators on creators.id = :creator_id
    join students
        on
            students.creator_id = :creator_id
            and students.id = attempts_that_count.student_id
    join quizzes
        on
            quizzes.creator_id = :creator_id
            and quizzes.id = attempts_that_count.quiz_id
    left join videos
        on
            videos.creator_id = :creator_id
            and videos.id = quizzes.video_id
            and videos.deleted_at is null
    left join answers_counted on answers_counted.attempt_id = attempts_that_count.id
    where
        (cast(:quiz_id as uuid) is null or attempts_that_count.quiz_id = cast(:quiz_id as uuid))
        and (
            :is_ever
            or (attempts_that_count.completed_at at time zone creators.timezone)::date
            between (dashboard_now() at time zone creators.timezone)::date - (:days - 1)
            and (dashboard_now() at time zone creators.timezone)::date
        )
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
