"""How viewers usually stay: the curve that a video's own is compared with."""

from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query
from queries.video_playback import LEAST_VIEWERS

ENOUGH_VIEWERS = 30_000  # for a typical curve; bounds its time where a creator has many students

# The retention of a video that resembles several of those asked for is worked out once.
TYPICAL_CURVES = """
    -- One row per video asked for and 5 % of the duration.
    with videos_asked as (
        select
            videos.id as asked_id,
            coalesce(
                nullif(videos.duration_seconds, 0),
                (
                    select max(watch_segments.end_second)
                    from started_videos
                    join watch_segments
                        on
                            watch_segments.creator_id = :creator_id
                            and watch_segments.student_id = started_videos.student_id
                            and watch_segments.video_id = started_videos.video_id
                    where
                        started_videos.creator_id = :creator_id
                        and started_videos.video_id = videos.id
                )
            ) as length_seconds
        from videos
        where
            videos.creator_id = :creator_id
            and videos.id = any(cast(:video_ids as uuid[]))
            and videos.deleted_at is null
    ),

    videos_ranked as (
        -- The most alike in length first, each with the viewers of those before it.
        select
            videos_asked.asked_id,
            videos.id as video_id,
            videos.duration_seconds::bigint as length_seconds,
            sum(video_analytics.unique_viewers) over in_order - video_analytics.unique_viewers as viewers_before
        from videos_asked
        join videos
            on
                videos.creator_id = :creator_id
                and videos.id <> videos_asked.asked_id
                and videos.status = 'completed'
                and videos.deleted_at is null
                and videos.duration_seconds > 0
                and videos.duration_seconds between 0.5 * videos_asked.length_seconds
                and 2.0 * videos_asked.length_seconds
        join video_analytics
            on
                video_analytics.creator_id = videos.creator_id
                and video_analytics.video_id = videos.id
        where video_analytics.unique_viewers >= :least_viewers
        window in_order as (
            partition by videos_asked.asked_id
            order by abs(ln(videos.duration_seconds::float / videos_asked.length_seconds)), videos.id
        )
    ),

    pairs_alike as (
        select
            asked_id,
            video_id,
            length_seconds
        from videos_ranked
        where viewers_before < :enough_viewers
    ),

    videos_alike as (
        select distinct
            video_id,
            length_seconds
        from pairs_alike
    ),

    positions as (
        select generate_series(0, 20) as place
    ),

    segments_placed as (
        -- Which of the 21 places a segment covers: the first, and the one after the last. Place k is
        -- the second k * length / 20, rounded down; the last place is the last second.
        select
            videos_alike.video_id,
            watch_segments.student_id,
            (20 * least(start_second, length_seconds) + length_seconds - 1) / length_seconds as first_place,
            case
                when start_second >= length_seconds then 20
                when end_second >= length_seconds then 21
                else (20 * end_second::bigint + length_seconds - 1) / length_seconds
            end as place_after
        from videos_alike
        join started_videos
            on
                started_videos.creator_id = :creator_id
                and started_videos.video_id = videos_alike.video_id
        join watch_segments
            on
                watch_segments.creator_id = :creator_id
                and watch_segments.student_id = started_videos.student_id
                and watch_segments.video_id = started_videos.video_id
    ),

    viewers_placed as (
        -- One bit per place: a student who plays a second twice is there once.
        select
            video_id,
            bit_or((1 << place_after::integer) - (1 << first_place::integer)) as places
        from segments_placed
        group by
            video_id,
            student_id
    ),

    corners as (
        -- Straight lines from everyone at the start through the points that the platform gave.
        select
            retention_points.video_id,
            retention_points.position_percent,
            retention_points.viewers_percent
        from videos_alike
        join retention_points
            on
                retention_points.creator_id = :creator_id
                and retention_points.video_id = videos_alike.video_id
        where videos_alike.video_id not in (select video_id from viewers_placed)
    ),

    retention_of_each as (
        select
            viewers_placed.video_id,
            positions.place * 5 as position_percent,
            100.0 * sum(viewers_placed.places >> positions.place & 1) / count(*) as retention_percent
        from viewers_placed
        cross join positions
        group by
            viewers_placed.video_id,
            positions.place
        union all
        select
            videos_with_points.video_id,
            positions.place * 5,
            coalesce(
                before.viewers_percent + (after.viewers_percent - before.viewers_percent)
                * (positions.place * 5 - before.position_percent)
                / nullif(after.position_percent - before.position_percent, 0),
                before.viewers_percent
            )
        from (select distinct video_id from corners) as videos_with_points
        cross join positions
        cross join lateral (
            select
                position_percent,
                viewers_percent
            from (
                select
                    corners.position_percent,
                    corners.viewers_percent,
                    1 as place
                from corners
                where
                    corners.video_id = videos_with_points.video_id
                    and corners.position_percent <= positions.place * 5
                union all
                select
                    0,
                    100,
                    0
            ) as earlier
            order by
                position_percent desc,
                place desc
            limit 1
        ) as before
        left join lateral (
            select
                corners.position_percent,
                corners.viewers_percent
            from corners
            where
                corners.video_id = videos_with_points.video_id
                and corners.position_percent > positions.place * 5
            order by corners.position_percent
            limit 1
        ) as after on true
    )

    select
        pairs_alike.asked_id as video_id,
        retention_of_each.position_percent,
        avg(retention_of_each.retention_percent) as retention_percent,
        count(*) as videos
    from pairs_alike
    join retention_of_each on retention_of_each.video_id = pairs_alike.video_id
    group by
        pairs_alike.asked_id,
        retention_of_each.position_percent
    order by
        pairs_alike.asked_id,
        retention_of_each.position_percent
"""


@cached_query
def typical_curve(creator_id: UUID, video_id: UUID) -> pd.DataFrame:
    """The mean retention of the creator's videos of half to twice the length, this one left out.

    One row per 5 % of the duration, 0 to 100, or none without such a video: position_percent,
    retention_percent, videos (how many the mean is of). At 100 % stands the last second.
    """
    return typical_curves.fresh(creator_id, (video_id,)).drop(columns="video_id")


@cached_query
def typical_curves(creator_id: UUID, video_ids: tuple[UUID, ...]) -> pd.DataFrame:
    """The rows of `typical_curve` of several videos, with video_id."""
    return frame(
        creator_id,
        TYPICAL_CURVES,
        video_ids=list(video_ids),
        least_viewers=LEAST_VIEWERS,
        enough_viewers=ENOUGH_VIEWERS,
    )
