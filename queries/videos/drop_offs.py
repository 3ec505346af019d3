"""Where viewers of videos stop for good: one definition, for one video and for many."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import pandas as pd

from database.frames import frame
from database.statements import sql
from queries.cache.caching import cached_query
from queries.videos.editions import OF_VIDEOS
from rules.limits import CLIFF_SHARE

DROP_OFF_SECONDS = 10

DROP_OFFS_OF_VIDEOS = sql("queries/videos/drop_offs_of_videos")
CLIFFS = sql("queries/videos/cliffs")


BOUNDS: dict[str, Any] = OF_VIDEOS | {"bin_seconds": DROP_OFF_SECONDS, "cliff_share": CLIFF_SHARE}


@dataclass(frozen=True, slots=True)
class DropOffRow:
    """One row per ten seconds of a video in which viewers stop for good."""

    second: int  # at which most of them stop
    start_second: int  # of the ten
    viewers_lost: int
    viewers_reached: int  # who got that far
    viewers: int  # all with playback
    lost_percent: float  # of those who got that far
    is_cliff: bool


@dataclass(frozen=True, slots=True)
class DropOffOfVideoRow(DropOffRow):
    """One row per video and ten seconds in which viewers of it stop for good."""

    video_id: UUID


@cached_query
def drop_off_points(creator_id: UUID, video_id: UUID) -> Annotated[pd.DataFrame, DropOffRow]:
    """Where viewers stop for good, largest losses first; no row without playback."""
    return drop_offs_of_videos.fresh(creator_id, (video_id,)).drop(columns="video_id")


@cached_query
def drop_offs_of_videos(creator_id: UUID, video_ids: tuple[UUID, ...]) -> Annotated[pd.DataFrame, DropOffOfVideoRow]:
    """The rows of `drop_off_points` of several videos, with video_id."""
    return frame(creator_id, DROP_OFFS_OF_VIDEOS, video_ids=list(video_ids), **BOUNDS)


@cached_query
def cliffs(creator_id: UUID, video_ids: tuple[UUID, ...]) -> Annotated[pd.DataFrame, DropOffOfVideoRow]:
    """Those rows of `drop_off_points` of several videos that are cliffs, most viewers lost first; with video_id."""
    return frame(creator_id, CLIFFS, video_ids=list(video_ids), **BOUNDS)
