"""Who is how far with which video."""

from queries.students import STUDENTS_FILTERED, student_order, student_parameters
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
        "The watched share of the video, of what was played where the platform does not tell it; without playback "
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
    Column("student_id", "Student id", "id", "Names the student in every export and in the API."),
    Column("video_id", "Video id", "id", "Names the video in every export and in the API."),
)

BODY = f"""
    -- One row per student and published video.
    with {STUDENTS_FILTERED},

    videos_placed as (
        select
            creator_id,
            id,
            title,
            row_number() over (order by position, created_at, id) as place
        from videos
        where
            creator_id = :creator_id
            and deleted_at is null
            and status = 'completed'
    ),

    views_counted as (
        select
            views.creator_id,
            views.student_id,
            views.video_id,
            count(*) as views
        from shown_generations
        join views
            on
                views.creator_id = shown_generations.creator_id
                and views.generation = shown_generations.generation
        where
            shown_generations.creator_id = :creator_id
            and views.course = 0
            and views.run = 0
            and (cast(:student_id as uuid) is null or views.student_id = cast(:student_id as uuid))
            and (cast(:video_id as uuid) is null or views.video_id = cast(:video_id as uuid))
        group by
            views.creator_id,
            views.student_id,
            views.video_id
    ),

    pairs_watched as (
        -- Whoever completed an edition of the file has completed the video; the share is of the newest one watched.
        select
            watched_videos.creator_id,
            watched_videos.student_id,
            watched_videos.video_id,
            bool_or(watched_videos.is_completed) as is_completed,
            (max(array[watched_videos.edition, watched_videos.share_hundredths]))[2] as share_hundredths,
            sum(watched_videos.watched_seconds) as watch_seconds,
            min(watched_videos.first_at) as first_watched,
            max(watched_videos.last_at) as last_watched
        from shown_generations
        join watched_videos
            on
                watched_videos.creator_id = shown_generations.creator_id
                and watched_videos.generation = shown_generations.generation
        where
            shown_generations.creator_id = :creator_id
            and watched_videos.course = 0
            and watched_videos.run = 0
            and (cast(:student_id as uuid) is null or watched_videos.student_id = cast(:student_id as uuid))
            and (cast(:video_id as uuid) is null or watched_videos.video_id = cast(:video_id as uuid))
        group by
            watched_videos.creator_id,
            watched_videos.student_id,
            watched_videos.video_id
    ),

    videos_started as (
        select
            pairs_watched.*,
            coalesce(views_counted.views, 0) as views
        from pairs_watched
        left join views_counted
            on
                views_counted.creator_id = pairs_watched.creator_id
                and views_counted.student_id = pairs_watched.student_id
                and views_counted.video_id = pairs_watched.video_id
    ),

    pairs_described as (
        select
            students_filtered.*,
            videos_placed.id as video_id,
            videos_placed.title,
            videos_placed.place,
            case
                when videos_started.is_completed then 'completed'
                when videos_started.video_id is not null then 'started'
                else 'not_started'
            end as state,
            videos_started.share_hundredths,
            videos_started.watch_seconds as video_watch_seconds,
            videos_started.views,
            videos_started.first_watched,
            videos_started.last_watched
        from students_filtered
        join videos_placed on videos_placed.creator_id = students_filtered.creator_id
        left join videos_started
            on
                videos_started.creator_id = students_filtered.creator_id
                and videos_started.student_id = students_filtered.student_id
                and videos_started.video_id = videos_placed.id
    )

    select
        name,
        email,
        engagement_tier,
        place,
        title,
        state,
        round(share_hundredths / 100.0, 2) as watched_percent,
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
        body=BODY,
        order=f"{student_order(filters)} nulls last, pairs_described.student_id asc, place asc",
        parameters=student_parameters(filters)
        | {"state": filters.state or "", "student_id": filters.student_id, "video_id": filters.video_id},
    )
