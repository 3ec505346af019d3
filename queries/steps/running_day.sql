-- Used where the sums of the clock's own day extend past the clock: one row per student who had been seen that day and quarter
-- of an hour that had begun, the first of each student with place 1. Of a quarter that begins exactly at the clock, only what
-- is known to lie on that very instant counts: a first activity.
quarters_begun as (
    select
        student_days.creator_id,
        student_days.day,
        student_days.activities as activities_of_day,
        student_days.watched_seconds,
        student_days.video_ids,
        student_days.last_at <= shown.instant as is_over,
        shown.instant,
        shown.today::timestamp at time zone shown.timezone + parts.quarter * interval '15 minutes' as began_at,
        parts.activities,
        parts.place
    from shown
    join student_days
        on student_days.creator_id = shown.creator_id
        and student_days.generation = shown.generation
        and student_days.course = :course
        and student_days.run = :run
        and student_days.day = shown.today
    cross join lateral unnest(student_days.quarters, student_days.counts)
        with ordinality as parts (quarter, activities, place)
    where
        shown.is_behind
        and student_days.first_at <= shown.instant
),

running_day as (
    select
        creator_id,
        day,
        activities_of_day,
        watched_seconds,
        video_ids,
        place,
        began_at,
        case when is_over or began_at < instant then activities else 1 end as activities
    from quarters_begun
    where
        is_over
        or began_at < instant
        or place = 1
)
