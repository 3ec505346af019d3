"""The library as a whole: how much there is, what stands out, what can be changed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pandas as pd
from sqlalchemy.exc import NoResultFound

from database.frames import frame, one_row
from queries.caching import cached_query
from queries.video_editions import ONE_VIDEO
from queries.videos import BANDS, VIDEOS_DESCRIBED

LIBRARY = """
    -- One row.
    select
        count(*) as total_videos,
        count(*) filter (where status = 'completed') as published_videos,
        coalesce(
            array_agg(distinct category order by category) filter (where category is not null),
            '{}'
        ) as categories,
        (
            select refreshed_at
            from creator_data_versions
            where creator_id = :creator_id
        ) as refreshed_at
    from videos
    where
        creator_id = :creator_id
        and deleted_at is null
"""

STANDING_OUT = f"""
    -- One row per video and reason: the best, the worst, and those that could not be processed.
    with {VIDEOS_DESCRIBED},

    videos_judged as (
        select *
        from videos_described
        where band <> 'too-few'
    ),

    best_found as (
        select
            video_id,
            completion_rate_percent
        from videos_judged
        order by
            completion_rate_percent desc,
            unique_viewers desc,
            position asc,
            video_id asc
        limit 1
    ),

    worst_found as (
        select
            video_id,
            completion_rate_percent
        from videos_judged
        order by
            completion_rate_percent asc,
            unique_viewers desc,
            position asc,
            video_id asc
        limit 1
    ),

    reasons_found as (
        select
            video_id,
            'best' as reason
        from best_found
        union all
        select
            video_id,
            'worst'
        from worst_found
        where completion_rate_percent < (select completion_rate_percent from best_found)
        union all
        select
            video_id,
            'failed'
        from videos_described
        where status = 'failed'
    )

    select
        reasons_found.reason,
        videos_described.video_id,
        videos_described.title,
        videos_described.position,
        videos_described.unique_viewers,
        videos_described.completions,
        videos_described.completion_rate_percent::float as completion_rate_percent
    from videos_described
    join reasons_found on reasons_found.video_id = videos_described.video_id
    order by
        reasons_found.reason,
        videos_described.position,
        videos_described.created_at,
        videos_described.video_id
"""

VIDEO_TO_EDIT = f"""
    -- One row, or none for a video that is unknown, deleted or another creator's.
    with {ONE_VIDEO}

    select
        videos.id as video_id,
        videos.title,
        videos.description,
        videos.category,
        videos.tags,
        videos.difficulty_level,
        videos.transcript,
        videos.status,
        videos_shown.unique_viewers,
        (
            select count(*)
            from quizzes
            where
                quizzes.creator_id = :creator_id
                and quizzes.video_id = :video_id
                and quizzes.deleted_at is null
        ) as quizzes
    from videos_shown
    join videos
        on
            videos.creator_id = videos_shown.creator_id
            and videos.id = videos_shown.video_id
"""

VIDEOS_IN_ORDER = """
    -- One row per video, in the order of the course.
    select
        id as video_id,
        title
    from videos
    where
        creator_id = :creator_id
        and deleted_at is null
    order by
        position,
        created_at,
        id
"""


@dataclass(frozen=True)
class Library:
    """How many videos there are, and what they are sorted into."""

    total_videos: int
    published_videos: int
    categories: list[str]
    refreshed_at: datetime | None


@dataclass(frozen=True)
class VideoToEdit:
    """What a creator may change about a video, and what a deletion would concern."""

    video_id: UUID
    title: str
    description: str
    category: str | None
    tags: list[str]
    difficulty_level: str | None
    transcript: str | None
    status: str
    unique_viewers: int
    quizzes: int


@cached_query
def library(creator_id: UUID) -> Library:
    """How many videos there are, their categories by name, and when the figures were computed."""
    return Library(**one_row(creator_id, LIBRARY))


@cached_query
def videos_standing_out(creator_id: UUID) -> pd.DataFrame:
    """The videos that a creator should hear about.

    One row per video and reason, ordered by both: reason (best or worst by completion rate, from
    5 viewers on, the worst only where rates differ; failed: could not be processed), video_id,
    title, position, unique_viewers, completions, completion_rate_percent.
    """
    return frame(creator_id, STANDING_OUT, **BANDS)


@cached_query
def video_to_edit(creator_id: UUID, video_id: UUID) -> VideoToEdit | None:
    """What can be edited about a video; None for one that is unknown, deleted or another creator's."""
    try:
        return VideoToEdit(**one_row(creator_id, VIDEO_TO_EDIT, video_id=video_id))
    except NoResultFound:
        return None


@cached_query
def videos_in_order(creator_id: UUID) -> pd.DataFrame:
    """Every video in the order of the course: video_id, title."""
    return frame(creator_id, VIDEOS_IN_ORDER)
