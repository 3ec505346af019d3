"""The library as a table: the videos of the videos page, with all their data."""

from database.statements import sql
from queries.labels import DIFFICULTIES, VIDEO_STATUSES
from queries.videos.lists import VideoFilters, video_order, video_parameters
from queries.videos.one_video import AVERAGE, HIGH, TOO_FEW, TOO_LONG
from reports.exports.course_column import course_column, course_of
from reports.exports.table import Column, Statement

GRAIN = "One row per video that is not deleted and matches the filters, in the chosen order."

BANDS = {
    "too-few": TOO_FEW.capitalize(),
    "too-long": TOO_LONG.capitalize(),
    "average": AVERAGE.capitalize(),
    "high-quality": HIGH.capitalize(),
}

COLUMNS = (
    Column("title", "Video", "text", "The video's title.", print_share=4),
    Column(
        "completion_rate_percent",
        "Completion (%)",
        "number",
        "Students who completed it out of those who started it; empty: fewer than five started it.",
        "percent, 2 decimals",
        print_share=1.5,
    ),
    Column("band", "What it says", "text", "The verdict on the completion rate.", words=BANDS, print_share=2.6),
    Column("unique_viewers", "Viewers", "number", "Students who started it.", "students", print_share=1.2),
    Column("views", "Views", "number", "Runs of watching with gaps of up to 30 minutes.", "views", print_share=1.1),
    Column(
        "views_7d", "Views in 7 days", "number", "Views that began in the last 168 hours.", "views", print_share=1.2
    ),
    Column(
        "avg_watched_percent",
        "Watched (%)",
        "number",
        "The mean watched share of its viewers; empty: not known.",
        "percent, 2 decimals",
        print_share=1.3,
    ),
    Column(
        "avg_drop_off_percent",
        "Drop-off (%)",
        "number",
        "The mean watched share of viewers who did not complete it; empty: none, or not known.",
        "percent, 2 decimals",
        print_share=1.3,
    ),
    Column(
        "duration_seconds", "Length (seconds)", "number", "Its length; empty: not known.", "seconds", print_share=1.3
    ),
    Column("status", "Status", "text", "Whether students can watch it.", words=VIDEO_STATUSES, print_share=1.5),
    Column("category", "Category", "text", "Its category; empty: none.", print_share=2),
    Column("difficulty_level", "Difficulty", "text", "Its difficulty; empty: none.", words=DIFFICULTIES),
    Column("tags", "Tags", "text", "Its tags, separated by a comma and a space."),
    Column("completions", "Completed by", "number", "Students who completed it.", "students"),
    Column("position", "Position", "number", "Its number in the order of the course.", "number"),
    Column("created_at", "Added", "instant", "When it was added."),
    Column("video_id", "Video id", "id", "Identifies the video in every export and in the API."),
)

COURSE = course_column("The course of the video.")
COURSE_OF_ROW = course_of("videos", "videos_filtered.video_id")

BODY = sql("reports/exports/videos")


def statement(filters: VideoFilters, *, with_course: bool) -> Statement:
    """The rows with COLUMNS, sorted as the page sorts them: by the figures before they are rounded."""
    return Statement(
        body=BODY.format(course=COURSE_OF_ROW if with_course else ""),
        order=video_order(filters),
        parameters=video_parameters(filters),
    )
