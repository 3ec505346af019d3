-- A time away is never measured against itself: its usual gap is the mean of the student's other gaps.
days_seen as (
    select
        student_days.creator_id,
        student_days.day,
        student_days.day - lag(student_days.day) over (order by student_days.day) as gap_days
    from shown
    join student_days
        on student_days.creator_id = shown.creator_id
        and student_days.generation = shown.generation
        and student_days.course = :course
        and student_days.run = :run
        and student_days.student_id = :student_id
        and student_days.first_at <= shown.instant
),

gaps_compared as (
    select
        creator_id,
        day - gap_days as last_date,
        day as return_date,
        gap_days,
        (sum(gap_days) over () - gap_days)::numeric
        / nullif(count(gap_days) over () - 1, 0) as usual_gap_days
    from days_seen
),

silences_found as (
    select *
    from gaps_compared
    where
        gap_days > :silence_days
        and gap_days > :silence_factor * usual_gap_days
)
