-- One row: students active in the period, and those seen on its days and on the days it is compared with.
with

-- include: queries/steps/shown,

-- include: queries/steps/period,

-- include: queries/steps/activity_bounds,

-- include: queries/steps/students_seen,

-- How many were seen on the days that are over, of the period and of the one before; null: no day. Each of them was seen for
-- the first time in these days on exactly one day: the one whose gap since the day before it reaches out of these days.
students_on_days as (
    select
        coalesce(sum(day_gaps.students) filter (where windows.is_period), 0)::bigint as this_period,
        coalesce(sum(day_gaps.students) filter (where not windows.is_period), 0)::bigint as period_before
    from bounds
    cross join lateral (
        values
        (true, bounds.first_day, bounds.last_day_over),
        (false, bounds.first_day_before, bounds.last_day_before)
    ) as windows (is_period, first_day, last_day)
    join day_gaps
        on day_gaps.creator_id = bounds.creator_id
        and day_gaps.generation = bounds.generation
        and day_gaps.course = :course
        and day_gaps.run = :run
        and day_gaps.day between windows.first_day and windows.last_day
    where (day_gaps.gap_days = 0 or day_gaps.gap_days > day_gaps.day - windows.first_day)
)

select
    case
        when (select last_day_over from bounds) is null
            then count(*) filter (where seen_at >= (select seen_since from bounds))
        else (select this_period from students_on_days)
    end as active_students,
    case
        when (select last_day_over from bounds) is null
            then count(*) filter (where seen_at >= (select first_day_start from bounds))
        else (select this_period from students_on_days)
    end as seen_this_period,
    (select period_before from students_on_days) as seen_period_before
from students_seen
