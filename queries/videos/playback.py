"""Where in a video its viewers are: who stays, who stops, what is played again."""

from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

import pandas as pd

from database.frames import frame, one_row, with_floats
from database.statements import sql
from queries.cache.caching import cached_query
from queries.videos.editions import OF_SECONDS
from rules.limits import REPLAYED_PLAYS, REPLAYED_SECONDS

CURVE_POINTS = 240  # what a chart on a screen can show

RETENTION_CURVE = sql("queries/videos/retention_curve")
VIEWERS_AT = sql("queries/videos/viewers_at")
SECTIONS = sql("queries/videos/sections")
REPLAYED_SECTIONS = sql("queries/videos/replayed_sections")


@dataclass(frozen=True)
class ViewersAt:
    """Viewers who play a second, how often they do, and all viewers with playback."""

    viewers: int
    plays: int
    all_viewers: int


@dataclass(frozen=True, slots=True)
class CurveRow:
    """One row per point of a retention curve; for a ready-made curve, counts are not known."""

    source: str  # segments, or points: the ready-made curve of a platform without playback
    second: float | None  # None: the length is not known
    position_percent: float  # of the length
    retention_percent: float  # of the viewers with playback
    viewers: float | None
    plays: float | None
    all_viewers: float | None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What a curve draws: a part of `CurveRow`, and of a typical curve."""

    takes_part: ClassVar = True
    position_percent: float
    retention_percent: float


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One row per part of a video."""

    start_second: int
    end_second: int
    viewers: float  # mean over its seconds; for a replayed part, at its peak second
    plays_per_viewer: float  # per viewer of the video; for a replayed part, per viewer of the part


@cached_query
def retention_curve(creator_id: UUID, video_id: UUID, points: int = CURVE_POINTS) -> Annotated[pd.DataFrame, CurveRow]:
    """How many viewers are there at evenly spaced seconds; no row if the platform reports nothing.

    At most `points` rows, in order; the ready-made curve of a platform without playback is unchanged.
    """
    return _numbers(frame(creator_id, RETENTION_CURVE, video_id=video_id, points=points, **OF_SECONDS))


@cached_query
def sections(creator_id: UUID, video_id: UUID) -> Annotated[pd.DataFrame, SectionRow]:
    """The video in equal parts of 30 seconds, or in twelve parts if it is longer than 6 minutes.

    One row per part, in order; none without playback.
    """
    return frame(creator_id, SECTIONS, video_id=video_id, **OF_SECONDS)


@cached_query
def replayed_sections(creator_id: UUID, video_id: UUID) -> Annotated[pd.DataFrame, SectionRow]:
    """Stretches that viewers play again, to the second; most repeated plays first.

    Each is at least ten seconds long.
    """
    return frame(
        creator_id,
        REPLAYED_SECTIONS,
        video_id=video_id,
        replayed_plays=REPLAYED_PLAYS,
        least_seconds=REPLAYED_SECONDS,
        break_seconds=REPLAYED_SECONDS,
        **OF_SECONDS,
    )


@cached_query
def viewers_at(creator_id: UUID, video_id: UUID, second: int) -> ViewersAt:
    """How many viewers play one second of the video."""
    return ViewersAt(**one_row(creator_id, VIEWERS_AT, video_id=video_id, second=second, **OF_SECONDS))


def _numbers(curve: pd.DataFrame) -> pd.DataFrame:
    """Unknown values become NaN: a column of only None would be one of objects."""
    columns = ["second", "position_percent", "retention_percent", "viewers", "plays", "all_viewers"]
    return with_floats(curve, columns)
