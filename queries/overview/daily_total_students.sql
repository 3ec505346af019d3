-- One row per local day of this period and of the one it is compared with.
with

-- include: queries/steps/shown,

-- include: queries/steps/calendar,

enrolments_counted as (
    -- Earlier enrolments are counted on the first day, so that a running sum is the total.
    select
        days.creator_id,
        windows."window",
        greatest(days.day, windows.first_day) as day,
        sum(days.enrolments) as enrolments
    from windows
    join days
        on days.creator_id = windows.creator_id
        and days.generation = windows.generation
        and days.course = :course
        and days.run = :run
        and days.day <= windows.last_day
    group by
        days.creator_id,
        windows."window",
        greatest(days.day, windows.first_day)
)

select
    calendar.day as activity_date,
    calendar.shown_at,
    calendar."window",
    coalesce(
        sum(enrolments_counted.enrolments) over (partition by calendar."window" order by calendar.day),
        0
    )::bigint as total_students
from calendar
left join enrolments_counted
    on enrolments_counted.creator_id = calendar.creator_id
    and enrolments_counted."window" = calendar."window"
    and enrolments_counted.day = calendar.day
order by
    calendar."window",
    calendar.day
