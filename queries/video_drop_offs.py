"""Where viewers of videos stop for good: one definition, for one video and for many."""

from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query
from queries.video_editions import LEAST_VIEWERS, SOME_VIDEOS

CLIFF_SHARE = 0.2
DROP_OFF_SECONDS = 10

# Takes several videos at once: the list of all that lose viewers costs one reading of their seconds. Whoever watched on
# into the ending has not stopped, and where the length is unknown nobody can tell: the sum has no exits of them.
POINTS_JUDGED = f"""
    {SOME_VIDEOS},

    stops_counted as (
        select
            videos_shown.video_id,
            videos_shown.playback_viewers as viewers,
            video_seconds.second as stop_second,
            video_seconds.exits as students
        from videos_shown
        join video_seconds
            on
                video_seconds.creator_id = videos_shown.creator_id
                and video_seconds.generation = videos_shown.generation
                and video_seconds.course = 0
                and video_seconds.run = 0
                and video_seconds.video_id = videos_shown.video_id
                and video_seconds.edition = videos_shown.edition
        where video_seconds.exits > 0
    ),

    points as (
        select
            video_id,
            viewers,
            stop_second / :bin_seconds * :bin_seconds as start_second,
            (array_agg(stop_second order by students desc, stop_second asc))[1] as second,
            sum(students)::bigint as viewers_lost
        from stops_counted
        group by
            video_id,
            viewers,
            stop_second / :bin_seconds * :bin_seconds
    ),

    points_reached as (
        select
            points.*,
            viewers - coalesce(sum(viewers_lost) over earlier, 0)::bigint as viewers_reached
        from points
        window earlier as (
            partition by video_id
            order by start_second rows between unbounded preceding and 1 preceding
        )
    ),

    points_judged as (
        select
            video_id,
            second,
            start_second,
            viewers_lost,
            viewers_reached,
            viewers,
            100.0 * viewers_lost / viewers_reached as lost_percent,
            viewers_lost >= :least_viewers and viewers_lost >= :cliff_share * viewers_reached as is_cliff
        from points_reached
    )
"""

DROP_OFFS_OF_VIDEOS = f"""
    -- One row per video and ten seconds in which viewers stopped for good.
    with {POINTS_JUDGED}

    select *
    from points_judged
    order by
        viewers_lost desc,
        second asc
"""

CLIFFS = f"""
    -- One row per moment at which viewers of one of these videos stop together; the most viewers lost first.
    with {POINTS_JUDGED}

    select *
    from points_judged
    where is_cliff
    order by
        viewers_lost desc,
        video_id asc,
        second asc
"""


BOUNDS: dict[str, Any] = {"bin_seconds": DROP_OFF_SECONDS, "least_viewers": LEAST_VIEWERS, "cliff_share": CLIFF_SHARE}


@cached_query
def drop_off_points(creator_id: UUID, video_id: UUID) -> pd.DataFrame:
    """Where viewers stop for good, those who lose most first; no row without playback.

    One row per ten seconds: second (at which most of them stopped), start_second (of the ten),
    viewers_lost, viewers_reached (got that far), viewers (all with playback), lost_percent (of
    those who got that far), is_cliff.
    """
    return drop_offs_of_videos.fresh(creator_id, (video_id,)).drop(columns="video_id")


@cached_query
def drop_offs_of_videos(creator_id: UUID, video_ids: tuple[UUID, ...]) -> pd.DataFrame:
    """The rows of `drop_off_points` of several videos, with video_id."""
    return frame(creator_id, DROP_OFFS_OF_VIDEOS, video_ids=list(video_ids), **BOUNDS)


@cached_query
def cliffs(creator_id: UUID, video_ids: tuple[UUID, ...]) -> pd.DataFrame:
    """Those rows of `drop_off_points` of several videos that are cliffs, most viewers lost first; with video_id."""
    return frame(creator_id, CLIFFS, video_ids=list(video_ids), **BOUNDS)
