-- One row per local day of this period and of the one it is compared with.
-- Every daily query begins with the days of this period and of the one it is compared with; the latter come first.
with

-- include: queries/steps/shown,

-- include: queries/steps/calendar,

-- include: queries/steps/running_day,

running_day_counted as (
    -- How long students who stayed on had watched by then is unknown: taken in proportion to their activities so far that day.
    select
        creator_id,
        day,
        count(*) filter (where place = 1) as students,
        sum(activities) as activities,
        sum(watched_seconds * activities / activities_of_day::numeric) as watched_seconds
    from running_day
    group by
        creator_id,
        day
),

running_day_videos as (
    select
        running_day.creator_id,
        running_day.day,
        count(distinct watched.video_id) as videos
    from running_day
    cross join lateral unnest(running_day.video_ids) as watched (video_id)
    where running_day.place = 1
    group by
        running_day.creator_id,
        running_day.day
),

calendar_counted as (
    select
        calendar.day,
        calendar.shown_at,
        calendar."window",
        shown.is_behind and calendar.day = shown.today as is_running,
        days.students,
        days.activities,
        days.videos,
        days.watched_seconds,
        running_day_counted.students as students_until_now,
        running_day_counted.activities as activities_until_now,
        running_day_videos.videos as videos_until_now,
        running_day_counted.watched_seconds as watched_seconds_until_now
    from calendar
    join shown on shown.creator_id = calendar.creator_id
    left join days
        on days.creator_id = calendar.creator_id
        and days.generation = calendar.generation
        and days.course = :course
        and days.run = :run
        and days.day = calendar.day
    left join running_day_counted
        on running_day_counted.creator_id = calendar.creator_id
        and running_day_counted.day = calendar.day
    left join running_day_videos
        on running_day_videos.creator_id = calendar.creator_id
        and running_day_videos.day = calendar.day
)

select
    day as activity_date,
    shown_at,
    "window",
    coalesce(case when is_running then students_until_now else students end, 0)::bigint as active_students,
    coalesce(case when is_running then activities_until_now else activities end, 0)::bigint as signs_of_life,
    coalesce(case when is_running then videos_until_now else videos end, 0)::bigint as videos_watched,
    coalesce(case when is_running then watched_seconds_until_now else watched_seconds end, 0) / 60.0
    as watched_minutes
from calendar_counted
order by
    "window",
    day
