-- One row per requested level, in the given order: who is in it, and who was active in the period.
with

-- include: queries/steps/shown,

-- include: queries/steps/period,

-- include: queries/steps/activity_bounds,

-- include: queries/courses/steps/levels,

running_day_counted as (
    select
        student_days.creator_id,
        student_days.course,
        student_days.run,
        student_days.day,
        count(*) as students
    from shown
    join student_days
        on student_days.creator_id = shown.creator_id
        and student_days.generation = shown.generation
        and student_days.day = shown.today
    where
        shown.is_behind
        and student_days.first_at <= shown.instant
    group by
        student_days.creator_id,
        student_days.course,
        student_days.run,
        student_days.day
)

select
    levels.course,
    levels.run,
    coalesce(course_totals.students, 0) as students,
    coalesce(course_totals.students, 0) - enrolled_later.students as enrolled_students,
    case
        when bounds.last_day_over is null then seen.active_students
        else seen_on_days.this_period
    end as active_students,
    case
        when bounds.last_day_over is null then seen.students
        else seen_on_days.this_period
    end as seen_this_period,
    seen_on_days.period_before as seen_period_before,
    period.first_day,
    period.last_day,
    days_seen.days,
    days_seen.students_on_days,
    running_day_counted.day as running_day,
    running_day_counted.students as students_until_now
from levels
join shown on shown.creator_id = levels.creator_id
join period on period.creator_id = levels.creator_id
join bounds on bounds.creator_id = levels.creator_id
left join course_totals
    on course_totals.creator_id = levels.creator_id
    and course_totals.generation = levels.generation
    and course_totals.course = levels.course
    and course_totals.run = levels.run
left join running_day_counted
    on running_day_counted.creator_id = levels.creator_id
    and running_day_counted.course = levels.course
    and running_day_counted.run = levels.run
    and running_day_counted.day between period.first_day and period.last_day
cross join lateral (
    select
        count(*) filter (where level_student_totals.last_active >= bounds.seen_since) as active_students,
        count(*) filter (where level_student_totals.last_active >= bounds.first_day_start) as students
    from level_student_totals
    where
        level_student_totals.creator_id = levels.creator_id
        and level_student_totals.course = levels.course
        and level_student_totals.run = levels.run
        and level_student_totals.last_at >= bounds.seen_since
) as seen
-- A student seen on several days was seen for the first time in this window on exactly one of them: the day whose gap since the
-- day before it reaches out of the window.
cross join lateral (
    select
        coalesce(sum(day_gaps.students) filter (where windows.is_period), 0)::bigint as this_period,
        coalesce(sum(day_gaps.students) filter (where not windows.is_period), 0)::bigint as period_before
    from (
        values
        (true, bounds.first_day, bounds.last_day_over),
        (false, bounds.first_day_before, bounds.last_day_before)
    ) as windows (is_period, first_day, last_day)
    join day_gaps
        on day_gaps.creator_id = levels.creator_id
        and day_gaps.generation = levels.generation
        and day_gaps.course = levels.course
        and day_gaps.run = levels.run
        and day_gaps.day between windows.first_day and windows.last_day
    where (day_gaps.gap_days = 0 or day_gaps.gap_days > day_gaps.day - windows.first_day)
) as seen_on_days
cross join lateral (
    select
        array_agg(days.day order by days.day) as days,
        array_agg(days.students order by days.day) as students_on_days
    from days
    where
        days.creator_id = levels.creator_id
        and days.generation = levels.generation
        and days.course = levels.course
        and days.run = levels.run
        and days.day between period.first_day and period.last_day
        and days.students > 0
        and not (shown.is_behind and days.day = shown.today)
) as days_seen
cross join lateral (
    select coalesce(sum(days.enrolments), 0)::bigint as students
    from days
    where
        days.creator_id = levels.creator_id
        and days.generation = levels.generation
        and days.course = levels.course
        and days.run = levels.run
        and days.day > period.last_day
) as enrolled_later
order by levels.place
