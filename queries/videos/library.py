"""The library as a whole: totals, what stands out, editable details."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import pandas as pd
from sqlalchemy.exc import NoResultFound

from database.frames import frame, one_row
from database.statements import sql
from queries.cache.caching import cached_query
from queries.videos.editions import OF_VIDEOS
from queries.videos.lists import BANDS

LIBRARY = """
    -- One row.
    select
        count(*) as total_videos,
        count(*) filter (where status = 'completed' and is_published) as published_videos,
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
        and (cast(:course_id as uuid) is null or course_id = cast(:course_id as uuid))
"""

STANDING_OUT = sql("queries/videos/videos_standing_out")
VIDEO_TO_EDIT = sql("queries/videos/video_to_edit")

VIDEOS_IN_ORDER = """
    -- One row per video, in course order.
    select
        id as video_id,
        title
    from videos
    where
        creator_id = :creator_id
        and deleted_at is null
        and (cast(:course_id as uuid) is null or course_id = cast(:course_id as uuid))
    order by
        position,
        created_at,
        id
"""


@dataclass(frozen=True)
class Library:
    """How many videos there are, and their categories."""

    total_videos: int
    published_videos: int
    categories: list[str]
    refreshed_at: datetime | None


@dataclass(frozen=True)
class VideoToEdit:
    """The editable details of a video, and what a deletion would affect."""

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
    """How many videos there are, their categories by name, and when the figures were calculated."""
    return Library(**one_row(creator_id, LIBRARY))


@dataclass(frozen=True, slots=True)
class StandingOutRow:
    """One row per video and reason."""

    reason: str  # best or worst, by completion rate; failed: could not be processed
    video_id: UUID
    title: str
    position: int
    unique_viewers: int
    completions: int
    completion_rate_percent: float | None


@cached_query
def videos_standing_out(creator_id: UUID) -> Annotated[pd.DataFrame, StandingOutRow]:
    """The videos that stand out.

    Ordered by reason and video; best and worst need at least 5 viewers, and there is a worst only if rates differ.
    """
    return frame(creator_id, STANDING_OUT, **BANDS)


@cached_query
def video_to_edit(creator_id: UUID, video_id: UUID) -> VideoToEdit | None:
    """The editable details of a video; None if it is unknown, deleted or another creator's."""
    try:
        return VideoToEdit(**one_row(creator_id, VIDEO_TO_EDIT, video_id=video_id, **OF_VIDEOS))
    except NoResultFound:
        return None


@cached_query
def videos_in_order(creator_id: UUID) -> pd.DataFrame:
    """Every video in course order: video_id, title."""
    return frame(creator_id, VIDEOS_IN_ORDER)
