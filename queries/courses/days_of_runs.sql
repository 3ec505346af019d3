-- One row per requested run, in the given order, and local day of it.
with

-- include: queries/steps/shown,

-- include: queries/courses/steps/levels,

-- include: queries/courses/steps/students_finished,

bounds as materialized (
    select
        levels.creator_id,
        levels.generation,
        levels.course,
        levels.run,
        levels.place,
        shown.timezone,
        shown.instant,
        shown.today,
        shown.is_behind,
        coalesce(
            (dates.starts_at at time zone shown.timezone)::date,
            (
                select min(days.day)
                from days
                where
                    days.creator_id = levels.creator_id
                    and days.generation = levels.generation
                    and days.course = levels.course
                    and days.run = levels.run
                    and days.enrolments > 0
            )
        ) as first_day,
        -- A run that ends at midnight does not extend into the day that begins then.
        least(
            ((dates.ends_at - interval '1 microsecond') at time zone shown.timezone)::date,
            shown.today
        ) as last_day
    from levels
    join shown on shown.creator_id = levels.creator_id
    join unnest(cast(:starts_at as timestamptz[]), cast(:ends_at as timestamptz[]))
        with ordinality as dates (starts_at, ends_at, place)
        on dates.place = levels.place
),

-- Active on the day, first seen on it, finished on it; each column on rows of its own.
days_told as (
    select
        days.creator_id,
        days.course,
        days.run,
        days.day,
        days.students as active_students,
        0 as new_students,
        0 as finished_students
    from bounds
    join days
        on days.creator_id = bounds.creator_id
        and days.generation = bounds.generation
        and days.course = bounds.course
        and days.run = bounds.run
        and not (bounds.is_behind and days.day = bounds.today)
    union all
    select
        day_gaps.creator_id,
        day_gaps.course,
        day_gaps.run,
        day_gaps.day,
        0,
        day_gaps.students,
        0
    from bounds
    join day_gaps
        on day_gaps.creator_id = bounds.creator_id
        and day_gaps.generation = bounds.generation
        and day_gaps.course = bounds.course
        and day_gaps.run = bounds.run
        and day_gaps.gap_days = 0
        and not (bounds.is_behind and day_gaps.day = bounds.today)
    union all
    select
        student_days.creator_id,
        student_days.course,
        student_days.run,
        student_days.day,
        1,
        (student_days.gap_days = 0)::integer,
        0
    from bounds
    join student_days
        on student_days.creator_id = bounds.creator_id
        and student_days.generation = bounds.generation
        and student_days.course = bounds.course
        and student_days.run = bounds.run
        and student_days.day = bounds.today
        and student_days.first_at <= bounds.instant
    where bounds.is_behind
    union all
    select
        students_finished.creator_id,
        students_finished.course,
        students_finished.run,
        (students_finished.finished_at at time zone shown.timezone)::date,
        0,
        0,
        1
    from shown
    join students_finished on students_finished.creator_id = shown.creator_id
),

-- What was done before the first day counts on that day, but does not make anybody active on it.
days_counted as (
    select
        days_told.creator_id,
        days_told.course,
        days_told.run,
        greatest(days_told.day, bounds.first_day) as day,
        sum(days_told.active_students) filter (where days_told.day >= bounds.first_day) as active_students,
        sum(days_told.new_students) as new_students,
        sum(days_told.finished_students) as finished_students
    from bounds
    join days_told
        on days_told.creator_id = bounds.creator_id
        and days_told.course = bounds.course
        and days_told.run = bounds.run
    group by
        days_told.creator_id,
        days_told.course,
        days_told.run,
        greatest(days_told.day, bounds.first_day)
),

-- A run continues until the last of its students finished, even if it ended before: the last share is that of everybody.
last_days as (
    select
        bounds.creator_id,
        bounds.course,
        bounds.run,
        least(greatest(bounds.last_day, max(days_counted.day)), bounds.today) as last_day
    from bounds
    left join days_counted
        on days_counted.creator_id = bounds.creator_id
        and days_counted.course = bounds.course
        and days_counted.run = bounds.run
        and (days_counted.new_students > 0 or days_counted.finished_students > 0)
    group by
        bounds.creator_id,
        bounds.course,
        bounds.run,
        bounds.last_day,
        bounds.today
),

calendar as (
    select
        bounds.creator_id,
        bounds.course,
        bounds.run,
        bounds.place,
        series.number as day,
        bounds.first_day + (series.number - 1) as local_day,
        course_totals.students
    from bounds
    join last_days
        on last_days.creator_id = bounds.creator_id
        and last_days.course = bounds.course
        and last_days.run = bounds.run
    left join course_totals
        on course_totals.creator_id = bounds.creator_id
        and course_totals.generation = bounds.generation
        and course_totals.course = bounds.course
        and course_totals.run = bounds.run
    cross join lateral generate_series(1, last_days.last_day - bounds.first_day + 1) as series (number)
)

select
    calendar.place - 1 as place,
    calendar.day,
    coalesce(days_counted.active_students, 0)::bigint as active_students,
    100.0 * coalesce(sum(days_counted.new_students) over until_this_day, 0)
    / nullif(calendar.students, 0) as active_share_percent,
    100.0 * coalesce(sum(days_counted.finished_students) over until_this_day, 0)
    / nullif(calendar.students, 0) as finished_share_percent
from calendar
left join days_counted
    on days_counted.creator_id = calendar.creator_id
    and days_counted.course = calendar.course
    and days_counted.run = calendar.run
    and days_counted.day = calendar.local_day
window until_this_day as (partition by calendar.place order by calendar.day)
order by
    calendar.place,
    calendar.day
