"""Who finished, and when: the list that a personnel department asks for."""

from database.statements import sql
from queries.periods.period import Period
from queries.students.lists import StudentFilters, student_parameters
from reports.exports.course_column import course_column, courses_of_student
from reports.exports.filters import FinishedFilters
from reports.exports.table import Column, Statement

GRAIN = (
    "One row per current student who has completed every published video of their courses (of one course, if the file "
    "is of one), who finished last first."
)

COLUMNS = (
    Column("student", "Student", "text", "The student's name.", print_share=3),
    Column("email", "Email", "text", "The student's address; empty: unknown.", print_share=4),
    Column("enrolled_at", "Enrolled", "instant", "When the student enrolled.", print_share=2),
    Column("started_at", "Started", "instant", "The first activity.", print_share=2),
    Column(
        "finished_at",
        "Finished",
        "instant",
        "When the last of the videos was completed: its furthest second first played or, without playback, "
        "when it was last watched.",
        print_share=2,
    ),
    Column(
        "days_taken",
        "Days",
        "number",
        "From the enrolment until the student finished; 0 for those who enrolled later.",
        "days, 2 decimals",
        print_share=1,
    ),
    Column("videos_completed", "Videos", "number", "Published videos completed.", "videos", print_share=1),
    Column("watch_seconds", "Watched (seconds)", "number", "The time spent watching.", "seconds"),
    Column("quizzes_passed", "Quizzes passed", "number", "Attempts that were passed.", "attempts", print_share=1.3),
    Column("quiz_attempts", "Quiz attempts", "number", "All quiz attempts.", "attempts"),
    Column("student_id", "Student id", "id", "Identifies the student in every export and in the API."),
)

COURSE = course_column("The student's courses in order, separated by semicolons; empty: none.")
COURSE_OF_ROW = courses_of_student("students_finished.student_id")

BODY = sql("reports/exports/finished")


def statement(filters: FinishedFilters, period: Period, *, with_course: bool) -> Statement:
    """The rows with COLUMNS; `period` is that of the filters: the days on which they finished."""
    return Statement(
        body=BODY.format(course=COURSE_OF_ROW if with_course else ""),
        order="finished_at desc, student_id asc",
        parameters=student_parameters(StudentFilters(search=filters.search))
        | {"is_ever": filters.period is None, **period.parameters},
    )
