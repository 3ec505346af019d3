-- One row per local day of this period and of the one it is compared with.
with

-- include: queries/steps/shown,

-- include: queries/steps/calendar,

-- include: queries/overview/steps/today_bounds,

running_pairs as (
    -- Each pair of student and video once, with the best of its files, as the sums count them.
    select
        watched_videos.creator_id,
        max(watched_videos.share_hundredths) as share_hundredths
    from bounds
    join student_days
        on student_days.creator_id = bounds.creator_id
        and student_days.generation = bounds.generation
        and student_days.course = :course
        and student_days.run = :run
        and student_days.day = bounds.today
    join watched_videos
        on watched_videos.creator_id = student_days.creator_id
        and watched_videos.generation = student_days.generation
        and watched_videos.course = :course
        and watched_videos.run = :run
        and watched_videos.student_id = student_days.student_id
    where bounds.is_behind
    group by
        watched_videos.creator_id,
        watched_videos.student_id,
        watched_videos.video_id,
        bounds.day_start,
        bounds.instant
    having max(watched_videos.last_at) between bounds.day_start and bounds.instant
),

shares_counted as (
    select
        days.creator_id,
        days.day,
        days.share_sum,
        days.share_count
    from bounds
    join days
        on days.creator_id = bounds.creator_id
        and days.generation = bounds.generation
        and days.course = :course
        and days.run = :run
        and not (bounds.is_behind and days.day = bounds.today)
    union all
    select
        bounds.creator_id,
        bounds.today,
        sum(running_pairs.share_hundredths),
        count(running_pairs.share_hundredths)
    from bounds
    join running_pairs on running_pairs.creator_id = bounds.creator_id
    group by
        bounds.creator_id,
        bounds.today
)

select
    calendar.day as activity_date,
    calendar.shown_at,
    calendar."window",
    coalesce(shares_counted.share_sum, 0) / 100.0 as watched_share_sum,
    coalesce(shares_counted.share_count, 0) as videos_watched
from calendar
left join shares_counted
    on shares_counted.creator_id = calendar.creator_id
    and shares_counted.day = calendar.day
order by
    calendar."window",
    calendar.day
