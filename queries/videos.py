"""The library: every video with its figures, searched, filtered, sorted."""

from dataclasses import dataclass
from typing import Any, Literal, get_args
from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query
from queries.students import PAGE_LIMIT, SortOrder, like_pattern
from queries.video import HIGH_COMPLETION, LOW_COMPLETION
from queries.video_editions import ALL_VIDEOS, RECENT_VIEWS, WEEK

Status = Literal["all", "completed", "processing", "uploaded", "failed"]
Band = Literal["too-long", "average", "high-quality", "too-few"]
SortBy = Literal["position", "title", "completion", "watched", "dropOff", "viewers", "views", "recent", "newest"]

ORDERS = {
    "position": "position",
    "title": "lower(title)",
    "completion": "completion_rate_percent",
    "watched": "avg_watched_percent",
    "dropOff": "avg_drop_off_percent",
    "viewers": "unique_viewers",
    "views": "views",
    "recent": "views_7d",
    "newest": "created_at",
}

VIDEOS_DESCRIBED = f"""
    {ALL_VIDEOS},

    videos_described as (
        select
            all_videos.video_id,
            videos.title,
            all_videos.status,
            videos.category,
            videos.tags,
            videos.difficulty_level,
            all_videos.length_seconds as duration_seconds,
            videos.position,
            videos.created_at,
            all_videos.views,
            all_videos.unique_viewers,
            all_videos.completions,
            all_videos.completion_rate_percent,
            all_videos.avg_watched_percent,
            all_videos.avg_drop_off_percent,
            case
                when all_videos.completion_rate_percent is null then 'too-few'
                when all_videos.completion_rate_percent < :low_completion then 'too-long'
                when all_videos.completion_rate_percent <= :high_completion then 'average'
                else 'high-quality'
            end as band
        from all_videos
        join videos
            on
                videos.creator_id = all_videos.creator_id
                and videos.id = all_videos.video_id
    )
"""

# The videos that fit the filters, for every statement that lists them.
VIDEOS_FILTERED = f"""
    {VIDEOS_DESCRIBED},

    {WEEK},

    videos_found as (
        select *
        from videos_described
        where
            (:status = 'all' or status = :status)
            and (:category = '' or category = :category)
            and (:band = '' or band = :band)
            and (
                :search = ''
                or title ilike :search escape '\\'
                or category ilike :search escape '\\'
                or exists (
                    select
                    from unnest(tags) as tag
                    where tag ilike :search escape '\\'
                )
            )
    ),

    -- The views of a video are counted after a page of them is chosen, unless it is chosen by them.
    videos_filtered as (
        select
            videos_found.*,
            {RECENT_VIEWS.format(video="videos_found.video_id")} as views_7d
        from videos_found
    )
"""

VIDEOS = f"""
    -- One row per video of the page asked for, each with the number of all that fit.
    with {VIDEOS_FILTERED},

    page_chosen as (
        select *
        from videos_filtered
        order by {{order}}
        limit :limit
        offset :offset
    )

    select
        (select count(*) from videos_found) as total,
        page_chosen.*
    from (select) as one_row
    left join page_chosen on true
    order by {{order}}
"""

BANDS: dict[str, Any] = {
    "low_completion": LOW_COMPLETION,
    "high_completion": HIGH_COMPLETION,
}


@dataclass(frozen=True)
class VideoFilters:
    """What to list. Raises ValueError, naming the field and its value, for anything unknown."""

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


@dataclass(frozen=True)
class VideoPage:
    """One page of videos, in order, and how many fit the filters in all."""

    videos: pd.DataFrame
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
    """The videos that fit the filters, sorted, one page of them; equal ones in the order of the course.

    One row per video: video_id, title, status, category, tags, difficulty_level, duration_seconds,
    position, created_at, views, unique_viewers, completions, completion_rate_percent
    (NaN: fewer than five viewers), avg_watched_percent, avg_drop_off_percent (NaN: nothing to divide by),
    band, views_7d (views that began in the last 168 hours). Figures are of the edition of the file that is
    shown, but for views_7d.
    """
    rows = frame(
        creator_id, VIDEOS.format(order=video_order(filters)), dates=["created_at"], **video_parameters(filters)
    )
    total = int(rows["total"].iloc[0])
    found = rows[rows["video_id"].notna()].drop(columns="total").reset_index(drop=True)
    return VideoPage(videos=found.infer_objects(), total=total, filters=filters)


def video_order(filters: VideoFilters) -> str:
    """By what the list is sorted, equal ones in the order of the course."""
    return f"{ORDERS[filters.sort_by]} {filters.sort_order} nulls last, position asc, created_at asc, video_id asc"


def video_parameters(filters: VideoFilters) -> dict[str, Any]:
    """What the statements with VIDEOS_FILTERED are bound with; a page also with its limit and offset."""
    return BANDS | {
        "status": filters.status,
        "category": filters.category or "",
        "band": filters.band or "",
        "search": like_pattern(filters.search),
        "limit": filters.limit,
        "offset": filters.offset,
    }


def _check(field: str, value: object, allowed: tuple[object, ...]) -> None:
    if value not in allowed:
        choices = ", ".join(str(choice) for choice in allowed if choice is not None)
        raise ValueError(f'{field} is "{value}"; choose one of {choices}.')
