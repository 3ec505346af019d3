-- One row per stretch that its viewers play again.
with

-- include: queries/videos/steps/playback,

levels as (
    select
        steps_within.second as start_second,
        coalesce(lead(steps_within.second) over in_order, video.length_seconds) as end_second,
        sum(steps_within.plays_change) over in_order as plays,
        sum(steps_within.viewers_change) over in_order as viewers
    from video
    join steps_within
        on steps_within.creator_id = video.creator_id
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
    -- Seconds with a short break between them form one stretch.
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
