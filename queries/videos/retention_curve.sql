-- One row per shown second or, without playback, per point that the platform gave.
with

-- include: queries/videos/steps/playback,

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
    -- A shown second is a step even if nobody comes or goes there.
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
    on levels.creator_id = video.creator_id
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
    on retention_points.creator_id = video.creator_id
    and retention_points.video_id = video.video_id
where video.viewers = 0
order by position_percent
