"""Where in a video its viewers are: who stays, who stops, what is played again."""

from dataclasses import dataclass
from uuid import UUID

import pandas as pd

from database.frames import frame, one_row, with_floats
from queries.caching import cached_query

CURVE_POINTS = 240  # what a chart on a screen can show
LEAST_VIEWERS = 5
REPLAYED_PLAYS = 1.5  # per viewer
REPLAYED_SECONDS = 10

# Seconds beyond the video's length do not exist; segments are cut there.
SEGMENTS = """
    segments_sent as (
        select
            watch_segments.student_id,
            watch_segments.start_second,
            watch_segments.end_second,
            started_videos.completed
        from started_videos
        join watch_segments
            on
                watch_segments.creator_id = started_videos.creator_id
                and watch_segments.student_id = started_videos.student_id
                and watch_segments.video_id = started_videos.video_id
        where
            started_videos.creator_id = :creator_id
            and started_videos.video_id = :video_id
    ),

    video as (
        select
            coalesce(
                nullif(videos.duration_seconds, 0),
                (select max(end_second) from segments_sent)
            ) as length_seconds,
            (select count(*) from (select distinct student_id from segments_sent) as students) as viewers
        from videos
        where
            videos.creator_id = :creator_id
            and videos.id = :video_id
            and videos.deleted_at is null
    ),

    segments as (
        select
            segments_sent.student_id,
            segments_sent.completed,
            least(segments_sent.start_second, video.length_seconds) as start_second,
            least(segments_sent.end_second, video.length_seconds) as end_second
        from segments_sent
        cross join video
    )
"""

# How many are there, second by second, as a step function: adding up who comes and who goes
# costs one sort of the segments, where joining them to every second would cost their product.
LEVELS = f"""
    {SEGMENTS},

    stretches_seen as (
        -- What a student played, however often: each second once.
        select range_agg(int4range(start_second, end_second)) as stretches
        from segments
        group by student_id
    ),

    edges as (
        select
            edge.second,
            edge.change as plays,
            0 as viewers
        from segments
        cross join lateral (values (start_second, 1), (end_second, -1)) as edge (second, change)
        union all
        select
            edge.second,
            0,
            edge.change
        from stretches_seen
        cross join lateral unnest(stretches_seen.stretches) as stretch
        cross join lateral (values (lower(stretch), 1), (upper(stretch), -1)) as edge (second, change)
        union all
        select
            0,
            0,
            0
    ),

    levels as (
        select
            second as start_second,
            lead(second) over in_order as end_second,
            sum(sum(plays)) over in_order as plays,
            sum(sum(viewers)) over in_order as viewers
        from edges
        group by second
        window in_order as (order by second)
    )
"""

RETENTION_CURVE = f"""
    -- One row per shown second or, without segments, per point that the platform gave.
    with {LEVELS},

    seconds_shown as (
        select generate_series(
            0,
            video.length_seconds - 1,
            greatest(ceil(video.length_seconds::numeric / :points)::integer, 1)
        ) as second
        from video
        where video.viewers > 0
    )

    select
        'segments' as source,
        seconds_shown.second::float as second,
        100.0 * seconds_shown.second / video.length_seconds as position_percent,
        100.0 * levels.viewers / video.viewers as retention_percent,
        levels.viewers::bigint as viewers,
        levels.plays::bigint as plays,
        video.viewers as all_viewers
    from video
    cross join seconds_shown
    join levels
        on
            levels.start_second <= seconds_shown.second
            and coalesce(levels.end_second, video.length_seconds) > seconds_shown.second
    union all
    select
        'points',
        retention_points.position_percent * video.length_seconds / 100,
        retention_points.position_percent,
        retention_points.viewers_percent,
        null,
        null,
        null
    from video
    join retention_points
        on
            retention_points.creator_id = :creator_id
            and retention_points.video_id = :video_id
    where video.viewers = 0
    order by position_percent
"""

VIEWERS_AT = f"""
    -- One row: who plays this second.
    with {SEGMENTS}

    select
        count(distinct student_id) filter (where start_second <= :second and :second < end_second) as viewers,
        count(*) filter (where start_second <= :second and :second < end_second) as plays,
        count(distinct student_id) as all_viewers
    from segments
"""

SECTIONS = f"""
    -- One row per part of the video, in order.
    with {LEVELS},

    parts as (
        select
            start_second,
            least(start_second::bigint + part_seconds, length_seconds)::integer as end_second,
            viewers as all_viewers
        from (
            select
                *,
                case when length_seconds <= 360 then 30 else ceil(length_seconds / 12.0)::integer end as part_seconds
            from video
            where viewers > 0
        ) as video_divided
        cross join lateral generate_series(0, length_seconds - 1, part_seconds) as starts (start_second)
    ),

    parts_played as (
        select
            parts.*,
            levels.plays,
            levels.viewers,
            least(levels.end_second, parts.end_second) - greatest(levels.start_second, parts.start_second) as seconds
        from parts
        left join levels
            on
                levels.start_second < parts.end_second
                and levels.end_second > parts.start_second
    )

    select
        start_second,
        end_second,
        coalesce(sum(viewers * seconds), 0) / (end_second - start_second) as viewers,
        coalesce(sum(plays * seconds), 0) / (end_second - start_second) / all_viewers as plays_per_viewer
    from parts_played
    group by
        start_second,
        end_second,
        all_viewers
    order by start_second
"""

REPLAYED_SECTIONS = f"""
    -- One row per stretch that those who watch it play again.
    with {LEVELS},

    seconds_replayed as (
        select
            *,
            start_second - lag(end_second) over (order by start_second) as gap_seconds
        from levels
        where
            viewers >= :least_viewers
            and plays >= :replayed_plays * viewers
    ),

    stretches_numbered as (
        -- Seconds with a short break between them are one stretch.
        select
            *,
            count(*) filter (where gap_seconds > :break_seconds) over (order by start_second) as stretch
        from seconds_replayed
    )

    select
        min(start_second) as start_second,
        max(end_second) as end_second,
        max(viewers)::bigint as viewers,
        sum(plays * (end_second - start_second)) / sum(viewers * (end_second - start_second)) as plays_per_viewer
    from stretches_numbered
    group by stretch
    having max(end_second) - min(start_second) >= :least_seconds
    order by
        sum((plays - viewers) * (end_second - start_second)) desc,
        start_second asc
"""


@dataclass(frozen=True)
class ViewersAt:
    """Viewers who play a second, how often they do, and all viewers with playback."""

    viewers: int
    plays: int
    all_viewers: int


@cached_query
def retention_curve(creator_id: UUID, video_id: UUID, points: int = CURVE_POINTS) -> pd.DataFrame:
    """How many viewers are there at evenly spread seconds; no row where the platform tells nothing.

    At most `points` rows, in order: source, second, position_percent (of the length),
    retention_percent (of the viewers with playback), viewers, plays, all_viewers. The source is
    "segments", or "points" for the ready-made curve of a platform without playback: as it is, its
    numbers of viewers and plays unknown (NaN), and its seconds too where the length is unknown.
    """
    return _numbers(frame(creator_id, RETENTION_CURVE, video_id=video_id, points=points))


@cached_query
def sections(creator_id: UUID, video_id: UUID) -> pd.DataFrame:
    """The video in equal parts of 30 seconds, or in twelve where it is longer than 6 minutes.

    One row per part, in order; none without playback: start_second, end_second, viewers (mean over
    its seconds), plays_per_viewer (mean over its seconds, per viewer of the video).
    """
    return frame(creator_id, SECTIONS, video_id=video_id)


@cached_query
def replayed_sections(creator_id: UUID, video_id: UUID) -> pd.DataFrame:
    """Stretches that viewers play again, to the second; those with most repeated plays first.

    One row per stretch of at least ten seconds: start_second, end_second, viewers (at its fullest
    second), plays_per_viewer (per viewer of the stretch).
    """
    return frame(
        creator_id,
        REPLAYED_SECTIONS,
        video_id=video_id,
        least_viewers=LEAST_VIEWERS,
        replayed_plays=REPLAYED_PLAYS,
        least_seconds=REPLAYED_SECONDS,
        break_seconds=REPLAYED_SECONDS,
    )


@cached_query
def viewers_at(creator_id: UUID, video_id: UUID, second: int) -> ViewersAt:
    """Who plays one second of the video."""
    return ViewersAt(**one_row(creator_id, VIEWERS_AT, video_id=video_id, second=second))


def _numbers(curve: pd.DataFrame) -> pd.DataFrame:
    """Unknown counts as NaN: a column of None alone would be one of objects."""
    columns = ["second", "position_percent", "retention_percent", "viewers", "plays", "all_viewers"]
    return with_floats(curve, columns)
