"""Which videos lose the most viewers."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame
from database.statements import sql
from queries.cache.caching import cached_query
from queries.videos.editions import OF_VIDEOS

VIDEOS_LOSING_MOST = sql("queries/videos/videos_losing_most")


@dataclass(frozen=True, slots=True)
class LosingVideoRow:
    """One row per video."""

    video_id: UUID
    title: str
    duration_seconds: int  # 0: unknown
    transcript: str  # empty: there is none
    transcript_times: str | None  # of its lines, as they are stored
    unique_viewers: int
    completions: int


@cached_query
def videos_losing_most(creator_id: UUID, most: int = 12) -> Annotated[pd.DataFrame, LosingVideoRow]:
    """The published videos that most viewers started without completing, largest losses first."""
    return frame(creator_id, VIDEOS_LOSING_MOST, most=most, **OF_VIDEOS)
