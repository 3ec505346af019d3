"""Where viewers of videos stop for good: one definition, for one video and for many."""

from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query
from queries.video_playback import LEAST_VIEWERS

CLIFF_SHARE = 0.2
DROP_OFF_SECONDS = 10

# Takes several videos at once: the list of all that lose viewers costs one reading of their segments.
POINTS_JUDGED = """
    last_seconds as (
        select
            video_id,
            student_id,
            max(end_second) as last_second
        from watch_segments
        where
            creator_id = :creator_id
            and video_id = any(cast(:video_ids as uuid[]))
        group by
            video_id,
            student_id
    ),

    last_played as (
        -- Of students and videos that are still there.
        select
            last_seconds.video_id,
            last_seconds.last_second,
            started_videos.completed
        from last_seconds
        join started_videos
            on
                started_videos.creator_id = :creator_id
                and started_videos.student_id = last_seconds.student_id
                and started_videos.video_id = last_seconds.video_id
    ),

    videos_played as (
        select
            videos.id as video_id,
            coalesce(nullif(videos.duration_seconds, 0), max(last_played.last_second)) as length_seconds,
            count(*) as viewers
        from videos
        join last_played on last_played.video_id = videos.id
        where
            videos.creator_id = :creator_id
            and videos.deleted_at is null
        group by
            videos.id,
            videos.duration_seconds
    ),

    stops_counted as (
        -- Whoever played to the end has not stopped, whatever the platform calls completed.
        select
            videos_played.video_id,
            videos_played.viewers,
            last_played.last_second as stop_second,
            count(*) as students
        from last_played
        join videos_played on videos_played.video_id = last_played.video_id
        where
            not last_played.completed
            and last_played.last_second < videos_played.length_seconds
        group by
            videos_played.video_id,
            videos_played.viewers,
            last_played.last_second
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
