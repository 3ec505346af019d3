"""Students as a table: those of the students page, with all their data."""

from database.statements import sql
from queries.labels import STUDENT_STATUSES, TIERS
from queries.students.lists import StudentFilters, student_order, student_parameters
from reports.exports.course_column import course_column, courses_of_student
from reports.exports.table import Column, Statement

GRAIN = "One row per current student who matches the filters, in the chosen order."

COLUMNS = (
    Column("name", "Student", "text", "The student's name.", print_share=3),
    Column("engagement_tier", "Tier", "text", "The engagement tier as of the export.", words=TIERS, print_share=2),
    Column("status", "Status", "text", "Active, at risk or inactive.", words=STUDENT_STATUSES),
    Column(
        "progress_percent",
        "Progress (%)",
        "number",
        "Published videos completed out of all published videos, rounded as on the page.",
        "percent, whole",
        print_share=1.4,
    ),
    Column("last_active", "Last active", "instant", "The newest activity; empty: never started.", print_share=2.2),
    Column("videos_watched", "Videos", "number", "Videos started.", "videos", print_share=1.2),
    Column("quizzes_passed", "Quizzes passed", "number", "Attempts that were passed.", "attempts", print_share=1.4),
    Column("questions_asked", "Questions", "number", "Questions asked in the chat.", "messages", print_share=1.5),
    Column("xp_points", "XP", "number", "Experience points, as the platform counts them.", "points", print_share=1),
    Column("email", "Email", "text", "The student's address; empty: unknown.", print_share=3.6),
    Column("videos_completed", "Videos completed", "number", "Published videos completed.", "videos"),
    Column("published_videos", "Published videos", "number", "All videos that students can watch.", "videos"),
    Column(
        "avg_completion_percent",
        "Watched on average (%)",
        "number",
        "The mean watched share of the videos started; empty: not known.",
        "percent, 2 decimals",
    ),
    Column("watch_seconds", "Watched (seconds)", "number", "The time spent watching.", "seconds"),
    Column("quiz_attempts", "Quiz attempts", "number", "All quiz attempts.", "attempts"),
    Column("level", "Level", "number", "The level, as the platform counts it.", "level"),
    Column("streak_days", "Streak (days)", "number", "The streak, as the platform counts it.", "days"),
    Column(
        "silent_days",
        "Silent (days)",
        "number",
        "Since the newest activity or, without one, since the enrolment.",
        "days, 2 decimals",
    ),
    Column("is_finished", "Finished", "boolean", "Whether every published video is completed."),
    Column("created_at", "Enrolled", "instant", "When the student enrolled."),
    Column("student_id", "Student id", "id", "Identifies the student in every export and in the API."),
)

COURSE = course_column("The student's courses in order, separated by semicolons; empty: none.")
COURSE_OF_ROW = courses_of_student("students_filtered.student_id")

BODY = sql("reports/exports/students")


def statement(filters: StudentFilters, *, with_course: bool) -> Statement:
    """The rows with COLUMNS, sorted as the page sorts them."""
    return Statement(
        body=BODY.format(course=COURSE_OF_ROW if with_course else ""),
        order=f"{student_order(filters)} nulls last, student_id asc",
        parameters=student_parameters(filters),
    )
