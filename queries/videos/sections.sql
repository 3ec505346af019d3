-- One row per part of the video, in order.
with

-- include: queries/videos/steps/playback,

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
    -- A part may begin where nobody comes or goes.
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
    on levels.creator_id = parts.creator_id
    and levels.video_id = parts.video_id
    and levels.start_second = parts.start_second
group by
    parts.start_second,
    parts.end_second,
    parts.all_viewers
order by parts.start_second
