"""The library: every video with its figures, searched, filtered, sorted."""

from dataclasses import dataclass
from typing import Any, Literal, get_args
from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query
from queries.students import PAGE_LIMIT, SortOrder, like_pattern
from queries.video import HIGH_COMPLETION, LEAST_VIEWERS, LOW_COMPLETION

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

VIDEOS_DESCRIBED = """
    videos_described as (
        select
            videos.id as video_id,
            videos.title,
            videos.status,
            videos.category,
            videos.tags,
            videos.difficulty_level,
            videos.duration_seconds,
            videos.position,
            videos.created_at,
            coalesce(video_analytics.total_views, 0) as views,
            coalesce(video_analytics.unique_viewers, 0) as unique_viewers,
            coalesce(video_analytics.completions, 0) as completions,
            video_analytics.completion_rate as completion_rate_percent,
            video_analytics.avg_watch_percentage as avg_watched_percent,
            video_analytics.avg_drop_off_percentage as avg_drop_off_percent,
            case
                when video_analytics.completion_rate is null then 'too-few'
                when video_analytics.unique_viewers < :least_viewers then 'too-few'
                when video_analytics.completion_rate < :low_completion then 'too-long'
                when video_analytics.completion_rate <= :high_completion then 'average'
                else 'high-quality'
            end as band
        from videos
        left join video_analytics
            on
                video_analytics.creator_id = videos.creator_id
                and video_analytics.video_id = videos.id
        where
            videos.creator_id = :creator_id
            and videos.deleted_at is null
    )
"""

# The clock stands in subqueries: under row level security a call in the condition itself is
# compared row by row, without the index (31 ms became 1.5 s with 800,000 views).
RECENT_VIEWS = """
    recent_views_counted as (
        select
            video_id,
            count(*) as views_7d
        from video_views
        where
            creator_id = :creator_id
            and began_at >= (select dashboard_now() - interval '168 hours')
            and began_at <= (select dashboard_now())
        group by video_id
    )
"""

# The videos that fit the filters, for every statement that lists them.
VIDEOS_FILTERED = f"""
    {VIDEOS_DESCRIBED},

    {RECENT_VIEWS},

    videos_filtered as (
        select
            videos_described.*,
            coalesce(recent_views_counted.views_7d, 0) as views_7d
        from videos_described
        left join recent_views_counted on recent_views_counted.video_id = videos_described.video_id
        where
            (:status = 'all' or videos_described.status = :status)
            and (:category = '' or videos_described.category = :category)
            and (:band = '' or videos_described.band = :band)
            and (
                :search = ''
                or videos_described.title ilike :search escape '\\'
                or videos_described.category ilike :search escape '\\'
                or exists (
                    select
                    from unnest(videos_described.tags) as tag
                    where tag ilike :search escape '\\'
                )
            )
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
        videos_counted.total,
        page_chosen.*
    from (select count(*) as total from videos_filtered) as videos_counted
    left join page_chosen on true
    order by {{order}}
"""

BANDS: dict[str, Any] = {
    "least_viewers": LEAST_VIEWERS,
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
    position, created_at, views, unique_viewers, completions, completion_rate_percent,
    avg_watched_percent, avg_drop_off_percent (NaN: nothing to divide by), band, views_7d (views
    that began in the last 168 hours).
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
