"""How viewers usually stay: the curve that a video's own is compared with."""

from uuid import UUID

import pandas as pd

from database.frames import frame
from database.statements import sql
from queries.cache.caching import cached_query
from queries.videos.editions import OF_SECONDS

MOST_ALIKE = 20  # videos averaged for a typical curve

TYPICAL_CURVES = sql("queries/videos/typical_curves")


@cached_query
def typical_curve(creator_id: UUID, video_id: UUID) -> pd.DataFrame:
    """The mean retention of the creator's videos of half to twice the length, without this one.

    One row per 5% of the duration, 0 to 100, or none without such a video: position_percent,
    retention_percent, videos (how many were averaged). 100% means the last second.
    """
    return typical_curves.fresh(creator_id, (video_id,)).drop(columns="video_id")


@cached_query
def typical_curves(creator_id: UUID, video_ids: tuple[UUID, ...]) -> pd.DataFrame:
    """The rows of `typical_curve` of several videos, with video_id."""
    return frame(
        creator_id,
        TYPICAL_CURVES,
        video_ids=list(video_ids),
        most_alike=MOST_ALIKE,
        **OF_SECONDS,
    )
