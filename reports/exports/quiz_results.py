"""Every attempt at every quiz."""

from database.statements import sql
from queries.periods.period import Period
from reports.exports.course_column import course_column, course_of
from reports.exports.filters import QuizResultFilters
from reports.exports.table import Column, Statement

GRAIN = (
    "One row per attempt that matches the filters, newest first; "
    "attempts of students who left and of deleted quizzes are excluded."
)

COLUMNS = (
    Column("completed_at", "Completed", "instant", "When the attempt was handed in.", print_share=2),
    Column("student", "Student", "text", "The student's name.", print_share=2.6),
    Column("email", "Email", "text", "The student's address; empty: unknown.", print_share=3),
    Column("quiz", "Quiz", "text", "The quiz's title.", print_share=3.2),
    Column("video", "Video", "text", "The video that the quiz belongs to; empty: none.", print_share=2.6),
    Column(
        "attempt_number",
        "Attempt",
        "number",
        "The number of the student's attempt at this quiz.",
        "from 1",
        print_share=1,
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
    Column("attempt_id", "Attempt id", "id", "Identifies the attempt."),
    Column("quiz_id", "Quiz id", "id", "Identifies the quiz in every export and in the API."),
    Column("student_id", "Student id", "id", "Identifies the student in every export and in the API."),
    Column("video_id", "Video id", "id", "Identifies the video in every export and in the API."),
)

COURSE = course_column("The course of the quiz.")
COURSE_OF_ROW = course_of("quizzes", "attempts_chosen.quiz_id")

BODY = sql("reports/exports/quiz_results")


def statement(filters: QuizResultFilters, period: Period, *, with_course: bool) -> Statement:
    """The rows with COLUMNS; `period` is that of the filters."""
    return Statement(
        body=BODY.format(course=COURSE_OF_ROW if with_course else ""),
        order="completed_at desc, attempt_id asc",
        parameters={
            "quiz_id": filters.quiz_id,
            "is_ever": filters.period is None,
            **period.parameters,
        },
    )
