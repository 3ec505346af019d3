"""The library as a table: the videos of their page, with everything that it knows of them."""

from queries.video import AVERAGE, HIGH_QUALITY, TOO_FEW, TOO_LONG
from queries.videos import VIDEOS_FILTERED, VideoFilters, video_order, video_parameters
from queries.words import DIFFICULTIES, VIDEO_STATUSES
from reports.exports.table import Column, Statement

GRAIN = "One row per video that is not deleted and fits the filters, in the order chosen."

BANDS = {
    "too-few": TOO_FEW.capitalize(),
    "too-long": TOO_LONG.capitalize(),
    "average": AVERAGE.capitalize(),
    "high-quality": HIGH_QUALITY.capitalize(),
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
    Column("band", "What it says", "text", "What the completion rate says.", words=BANDS, print_share=2.6),
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
    Column("tags", "Tags", "text", "Its tags, with a comma and a space between them."),
    Column("completions", "Completed by", "number", "Students who completed it.", "students"),
    Column("position", "Position", "number", "Its number in the order of the course.", "number"),
    Column("created_at", "Added", "instant", "When it was added."),
    Column("video_id", "Video id", "id", "Names the video in every export and in the API."),
)

BODY = f"""
    -- One row per video.
    with {VIDEOS_FILTERED}

    select
        title,
        -- 100 only where it is all of them.
        least(
            round(completion_rate_percent, 2),
            case when completions < unique_viewers then 99.99 end
        ) as completion_rate_rounded,
        band,
        unique_viewers,
        views,
        views_7d,
        round(avg_watched_percent, 2) as avg_watched_rounded,
        round(avg_drop_off_percent, 2) as avg_drop_off_rounded,
        duration_seconds,
        status,
        category,
        difficulty_level,
        array_to_string(tags, ', ') as tags,
        completions,
        position,
        created_at,
        video_id::text as video_id
    from videos_filtered
"""


def statement(filters: VideoFilters) -> Statement:
    """The rows with COLUMNS, sorted as the page sorts them: by the figures before they are rounded."""
    return Statement(body=BODY, order=video_order(filters), parameters=video_parameters(filters))
