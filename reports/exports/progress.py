"""The progress of each student with each video."""

from database.statements import sql
from queries.labels import TIERS, WATCHED
from queries.students.lists import student_order, student_parameters
from reports.exports.course_column import course_column, course_of
from reports.exports.filters import ProgressFilters
from reports.exports.table import Column, Statement

GRAIN = (
    "One row per current student and published video, for the students and videos that match the filters: "
    "students in the chosen order, and the videos of each in course order."
)

COLUMNS = (
    Column("student", "Student", "text", "The student's name.", print_share=2.6),
    Column("email", "Email", "text", "The student's address; empty: unknown.", print_share=3),
    Column("tier", "Tier", "text", "The student's engagement tier as of the export.", words=TIERS),
    Column("place", "Place", "number", "The video's position in the course, from 1.", "place", print_share=0.8),
    Column("video", "Video", "text", "The video's title.", print_share=3.6),
    Column(
        "state",
        "State",
        "text",
        "Completed, started and not completed, or not started.",
        words=WATCHED,
        print_share=1.6,
    ),
    Column(
        "watched_percent",
        "Watched (%)",
        "number",
        "The watched share of the video, from playback where the platform does not send it; without playback, "
        "the mean of the video's retention curve.",
        "percent, 2 decimals",
        print_share=1.4,
    ),
    Column(
        "watch_seconds",
        "Watched (seconds)",
        "number",
        "The time played, repeats included; empty: not started.",
        "seconds",
        print_share=1.4,
    ),
    Column("views", "Views", "number", "Runs of watching with gaps of up to 30 minutes.", "views"),
    Column("first_watched", "First watched", "instant", "The first time; empty: not started.", print_share=2),
    Column("last_watched", "Last watched", "instant", "The last time; empty: not started.", print_share=2),
    Column("student_id", "Student id", "id", "Identifies the student in every export and in the API."),
    Column("video_id", "Video id", "id", "Identifies the video in every export and in the API."),
)

COURSE = course_column("The course of the video.")
COURSE_OF_ROW = course_of("videos", "pairs_described.video_id")

BODY = sql("reports/exports/progress")


def statement(filters: ProgressFilters, *, with_course: bool) -> Statement:
    """The rows with COLUMNS, the students sorted as their page sorts them."""
    return Statement(
        body=BODY.format(course=COURSE_OF_ROW if with_course else ""),
        order=(
            f"{student_order(filters)} nulls last, pairs_described.student_id asc, "
            "course_position asc, course_number asc, place asc"
        ),
        parameters=student_parameters(filters)
        | {"state": filters.state or "", "student_id": filters.student_id, "video_id": filters.video_id},
    )
