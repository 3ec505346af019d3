"""Who is how far with which video."""

from queries.students import STUDENT_COLUMNS, STUDENTS_FILTERED, student_order, student_parameters
from queries.words import TIERS, WATCHED
from reports.exports.filters import ProgressFilters
from reports.exports.table import Column, Statement

GRAIN = (
    "One row per student who has not left and published video, for the students and videos that fit the filters: "
    "the students in the order chosen, the videos of each in the order of the course."
)

COLUMNS = (
    Column("student", "Student", "text", "The student's name.", print_share=2.6),
    Column("email", "E-mail", "text", "The student's address; empty: unknown.", print_share=3),
    Column("tier", "Tier", "text", "The student's engagement tier as of the export.", words=TIERS),
    Column("place", "Place", "number", "The video's place in the course, from 1.", "place", print_share=0.8),
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
        "The watched share of the video; where the platform does not tell it, the mean of the video's retention curve.",
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
    Column("student_id", "Student id", "id", "Names the student in every export and in the API."),
    Column("video_id", "Video id", "id", "Names the video in every export and in the API."),
)

BODY = f"""
    -- One row per student and published video.
    with {STUDENTS_FILTERED},

    videos_placed as (
        select
            id,
            title,
            row_number() over (order by position, created_at, id) as place
        from videos
        where
            creator_id = :creator_id
            and deleted_at is null
            and status = 'completed'
    ),

    videos_started as materialized ( -- each share is computed, so compute it once
        select
            watched_pairs.student_id,
            watched_pairs.video_id,
            watched_pairs.completed,
            watched_pairs.watched_share,
            watched_pairs.watch_seconds,
            watched_pairs.views,
            watched_pairs.last_watched,
            video_progress.first_watched
        from watched_pairs
        join video_progress
            on
                video_progress.creator_id = :creator_id
                and video_progress.student_id = watched_pairs.student_id
                and video_progress.video_id = watched_pairs.video_id
        where
            watched_pairs.creator_id = :creator_id
            and watched_pairs.is_published
    ),

    pairs_described as (
        select
            students_filtered.*,
            videos_placed.id as video_id,
            videos_placed.title,
            videos_placed.place,
            case
                when videos_started.completed then 'completed'
                when videos_started.video_id is not null then 'started'
                else 'not_started'
            end as state,
            videos_started.watched_share,
            videos_started.watch_seconds as video_watch_seconds,
            videos_started.views,
            videos_started.first_watched,
            videos_started.last_watched
        from students_filtered
        cross join videos_placed
        left join videos_started
            on
                videos_started.student_id = students_filtered.student_id
                and videos_started.video_id = videos_placed.id
    )

    select
        name,
        email,
        engagement_tier,
        place,
        title,
        state,
        round(watched_share, 2) as watched_percent,
        video_watch_seconds,
        views,
        first_watched,
        last_watched,
        student_id::text as student_id,
        video_id::text as video_id
    from pairs_described
    where
        (:state = '' or state = :state)
        and (cast(:student_id as uuid) is null or student_id = cast(:student_id as uuid))
        and (cast(:video_id as uuid) is null or video_id = cast(:video_id as uuid))
"""


def statement(filters: ProgressFilters) -> Statement:
    """The rows with COLUMNS, the students sorted as their page sorts them."""
    return Statement(
        body=BODY.format(columns=STUDENT_COLUMNS),
        order=f"{student_order(filters)} nulls last, pairs_described.student_id asc, place asc",
        parameters=student_parameters(filters)
        | {"state": filters.state or "", "student_id": filters.student_id, "video_id": filters.video_id},
    )
