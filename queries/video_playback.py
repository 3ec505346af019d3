"""Where in a video its viewers are: who stays, who stops, what is played again."""

from dataclasses import dataclass
from uuid import UUID

import pandas as pd

from database.frames import frame, one_row, with_floats
from queries.caching import cached_query
from queries.video_editions import LEAST_VIEWERS, ONE_VIDEO, STEPS

CURVE_POINTS = 240  # what a chart on a screen can show
REPLAYED_PLAYS = 1.5  # per viewer
REPLAYED_SECONDS = 10

# The video, as long as it is known to be: seconds beyond its length do not exist.
PLAYBACK = f"""
    {ONE_VIDEO},

    {STEPS},

    video as (
        select
            videos_shown.creator_id,
            videos_shown.video_id,
            videos_shown.playback_viewers as viewers,
            coalesce(
                videos_shown.length_seconds,
                lengths_reached.length_seconds,
                lengths_reached.furthest_second
            ) as length_seconds
        from videos_shown
        left join lengths_reached
            on
                lengths_reached.creator_id = videos_shown.creator_id
                and lengths_reached.video_id = videos_shown.video_id
    ),

    steps_within as (
        select
            steps.creator_id,
            steps.video_id,
            steps.second,
            steps.viewers_change,
            steps.plays_change
        from steps
        join video
            on
                video.creator_id = steps.creator_id
                and video.video_id = steps.video_id
        where steps.second < video.length_seconds
    )
"""

RETENTION_CURVE = f"""
    -- One row per shown second or, without playback, per point that the platform gave.
    with {PLAYBACK},

    seconds_shown as (
        select
            creator_id,
            video_id,
            generate_series(
                0,
                length_seconds - 1,
                greatest(ceil(length_seconds::numeric / :points)::integer, 1)
            ) as second
        from video
        where viewers > 0
    ),

    moments as (
        -- A shown second is a step at which nobody comes or goes.
        select
            creator_id,
            video_id,
            second,
            viewers_change,
            plays_change,
            false as is_shown
        from steps_within
        union all
        select
            creator_id,
            video_id,
            second,
            0,
            0,
            true
        from seconds_shown
    ),

    levels as (
        select
            creator_id,
            video_id,
            second,
            is_shown,
            sum(viewers_change) over in_order as viewers,
            sum(plays_change) over in_order as plays
        from moments
        window in_order as (order by second)
    )

    select
        'segments' as source,
        levels.second::float as second,
        100.0 * levels.second / video.length_seconds as position_percent,
        100.0 * levels.viewers / video.viewers as retention_percent,
        levels.viewers::bigint as viewers,
        levels.plays::bigint as plays,
        video.viewers as all_viewers
    from video
    join levels
        on
            levels.creator_id = video.creator_id
            and levels.video_id = video.video_id
    where levels.is_shown
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
            retention_points.creator_id = video.creator_id
            and retention_points.video_id = video.video_id
    where video.viewers = 0
    order by position_percent
"""

VIEWERS_AT = f"""
    -- One row: who plays this second.
    with {PLAYBACK}

    select
        coalesce(sum(steps_within.viewers_change) filter (where :second < video.length_seconds), 0)::bigint as viewers,
        coalesce(sum(steps_within.plays_change) filter (where :second < video.length_seconds), 0)::bigint as plays,
        coalesce(max(video.viewers), 0) as all_viewers
    from video
    left join steps_within
        on
            steps_within.creator_id = video.creator_id
            and steps_within.video_id = video.video_id
            and steps_within.second <= :second
"""

SECTIONS = f"""
    -- One row per part of the video, in order.
    with {PLAYBACK},

    parts as (
        select
            creator_id,
            video_id,
            viewers as all_viewers,
            start_second,
            least(start_second::bigint + part_seconds, length_seconds)::integer as end_second
        from (
            select
                *,
                case when length_seconds <= 360 then 30 else ceil(length_seconds / 12.0)::integer end as part_seconds
            from video
            where viewers > 0
        ) as video_divided
        cross join lateral generate_series(0, length_seconds - 1, part_seconds) as starts (start_second)
    ),

    moments as (
        -- A part begins where nobody needs to come or go.
        select
            creator_id,
            video_id,
            second,
            viewers_change,
            plays_change,
            null::integer as start_second
        from steps_within
        union all
        select
            creator_id,
            video_id,
            start_second as second,
            0,
            0,
            start_second
        from parts
    ),

    levels as (
        select
            creator_id,
            video_id,
            second,
            lead(second) over (order by second) as next_second,
            max(start_second) over in_order as start_second,
            sum(viewers_change) over in_order as viewers,
            sum(plays_change) over in_order as plays
        from moments
        window in_order as (order by second)
    )

    select
        parts.start_second,
        parts.end_second,
        sum(levels.viewers * (coalesce(levels.next_second, parts.end_second) - levels.second))
        / (parts.end_second - parts.start_second) as viewers,
        sum(levels.plays * (coalesce(levels.next_second, parts.end_second) - levels.second))
        / (parts.end_second - parts.start_second) / parts.all_viewers as plays_per_viewer
    from parts
    join levels
        on
            levels.creator_id = parts.creator_id
            and levels.video_id = parts.video_id
            and levels.start_second = parts.start_second
    group by
        parts.start_second,
        parts.end_second,
        parts.all_viewers
    order by parts.start_second
"""

REPLAYED_SECTIONS = f"""
    -- One row per stretch that those who watch it play again.
    with {PLAYBACK},

    levels as (
        select
            steps_within.second as start_second,
            coalesce(lead(steps_within.second) over in_order, video.length_seconds) as end_second,
            sum(steps_within.plays_change) over in_order as plays,
            sum(steps_within.viewers_change) over in_order as viewers
        from video
        join steps_within
            on
                steps_within.creator_id = video.creator_id
                and steps_within.video_id = video.video_id
        window in_order as (order by steps_within.second)
    ),

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
