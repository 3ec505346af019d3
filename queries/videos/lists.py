"""The library: every video with its figures, searched, filtered, sorted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import pandas as pd

from database.frames import frame
from database.statements import sql
from queries.cache.caching import cached_query
from queries.searching import patterns
from queries.students.lists import PAGE_LIMIT, SortOrder
from queries.students.paging import DIRECTIONS
from queries.videos.editions import OF_VIDEOS
from rules.limits import HIGH_COMPLETION, LOW_COMPLETION

Status = Literal["all", "completed", "ready", "processing", "uploaded", "failed"]
Band = Literal["too-long", "average", "high-quality", "too-few"]
SortBy = Literal["position", "title", "completion", "watched", "dropOff", "viewers", "views", "recent", "newest"]

ORDERS = {
    "position": "position",
    "title": "sort_key",
    "completion": "completion_rate_percent",
    "watched": "avg_watched_percent",
    "dropOff": "avg_drop_off_percent",
    "viewers": "unique_viewers",
    "views": "views",
    "recent": "views_7d",
    "newest": "created_at",
}

VIDEOS = sql("queries/videos/videos")

BANDS: dict[str, Any] = OF_VIDEOS | {
    "low_completion": LOW_COMPLETION,
    "high_completion": HIGH_COMPLETION,
}


@dataclass(frozen=True)
class VideoFilters:
    """The filters of the list. Raises ValueError, naming the field and its value, for anything unknown."""

    status: Status = "all"
    category: str | None = None
    band: Band | None = None
    search: str = ""
    sort_by: SortBy = "position"
    sort_order: SortOrder = "asc"
    limit: int = 50
    offset: int = 0

    def __post_init__(self) -> None:
        _check("status", self.status, get_args(Status))
        _check("band", self.band, (None, *get_args(Band)))
        _check("sort_by", self.sort_by, get_args(SortBy))
        _check("sort_order", self.sort_order, get_args(SortOrder))
        if not 1 <= self.limit <= PAGE_LIMIT:
            raise ValueError(f'limit is "{self.limit}"; choose 1 to {PAGE_LIMIT}.')
        if self.offset < 0:
            raise ValueError(f'offset is "{self.offset}"; it starts at 0.')


@dataclass(frozen=True, slots=True)
class VideoRow:
    """One row per video; its figures are of the edition of its file that is shown, except `views_7d`."""

    video_id: UUID
    title: str
    status: str
    category: str | None
    tags: list[str]
    difficulty_level: str | None
    duration_seconds: int | None
    position: int
    created_at: datetime
    views: int
    unique_viewers: int
    completions: int
    completion_rate_percent: float | None  # None: fewer than five viewers
    avg_watched_percent: float | None
    avg_drop_off_percent: float | None
    band: str
    views_7d: int  # that began in the last 168 hours


@dataclass(frozen=True)
class VideoPage:
    """One page of videos, in order, and how many match the filters in all."""

    videos: Annotated[pd.DataFrame, VideoRow]
    total: int
    filters: VideoFilters

    @property
    def page(self) -> int:
        return self.filters.offset // self.filters.limit + 1

    @property
    def has_more(self) -> bool:
        return self.filters.offset + len(self.videos) < self.total


@cached_query
def videos(creator_id: UUID, filters: VideoFilters) -> VideoPage:
    """One page of the videos that match the filters, sorted; ties in course order."""
    statement = VIDEOS.format(**order_choices(filters))
    rows = frame(creator_id, statement, dates=["created_at"], **video_parameters(filters))
    total = int(rows["total"].iloc[0])
    found = rows[rows["video_id"].notna()].drop(columns=["total", "sort_key", "search_text"]).reset_index(drop=True)
    return VideoPage(videos=found.infer_objects(), total=total, filters=filters)


def order_choices(filters: VideoFilters) -> dict[str, str]:
    """The parts of the list's statement that cannot be bound; raises KeyError for anything but the fixed ones."""
    return {"order_column": ORDERS[filters.sort_by], "direction": DIRECTIONS[filters.sort_order]}


def video_order(filters: VideoFilters) -> str:
    """The sort order of the list, ties in course order."""
    return f"{ORDERS[filters.sort_by]} {filters.sort_order} nulls last, position asc, created_at asc, video_id asc"


def video_parameters(filters: VideoFilters) -> dict[str, Any]:
    """The parameters of statements with `videos_filtered`; a page also with its limit and offset."""
    return BANDS | {
        "status": filters.status,
        "category": filters.category or "",
        "band": filters.band or "",
        "patterns": patterns(filters.search),
        "limit": filters.limit,
        "offset": filters.offset,
    }


def _check(field: str, value: object, allowed: tuple[object, ...]) -> None:
    if value not in allowed:
        choices = ", ".join(str(choice) for choice in allowed if choice is not None)
        raise ValueError(f'{field} is "{value}"; choose one of {choices}.')
