-- One row per student who came back in the period after a long time away, longest first.
with

-- include: queries/steps/shown,

-- include: queries/steps/period,

bounds as materialized (
    select
        shown.creator_id,
        shown.generation,
        shown.timezone,
        shown.instant,
        shown.today,
        period.first_day,
        period.last_day
    from shown
    join period on period.creator_id = shown.creator_id
),

returns_dated as materialized (
    -- The running day counts for students who have been seen on it by now.
    select
        student_days.creator_id,
        student_days.student_id,
        student_days.day as return_date,
        student_days.gap_days,
        student_totals.seen_days,
        student_totals.first_at,
        student_totals.last_at
    from bounds
    join student_days
        on student_days.creator_id = bounds.creator_id
        and student_days.generation = bounds.generation
        and student_days.course = :course
        and student_days.run = :run
        and student_days.day between bounds.first_day and bounds.last_day
        and student_days.gap_days > :long_silence_days
    join student_totals
        on student_totals.creator_id = student_days.creator_id
        and student_totals.generation = student_days.generation
        and student_totals.course = :course
        and student_totals.run = :run
        and student_totals.student_id = student_days.student_id
    where student_days.first_at <= bounds.instant
),

-- The usual gap is the mean of the other gaps, which follows from the number of days seen and the first and last of them.
returns_measured as (
    select
        returns_dated.creator_id,
        returns_dated.student_id,
        returns_dated.return_date,
        returns_dated.gap_days,
        days_known.seen_days - 1 as gaps,
        days_known.last_day - (returns_dated.first_at at time zone bounds.timezone)::date as days_between
    from bounds
    join returns_dated on returns_dated.creator_id = bounds.creator_id
    cross join lateral (
        select
            returns_dated.seen_days,
            (returns_dated.last_at at time zone bounds.timezone)::date as last_day
        where returns_dated.last_at <= bounds.instant
        union all
        select
            count(*),
            max(student_days.day)
        from student_days
        where
            student_days.creator_id = returns_dated.creator_id
            and student_days.generation = bounds.generation
            and student_days.course = :course
            and student_days.run = :run
            and student_days.student_id = returns_dated.student_id
            and student_days.first_at <= bounds.instant
        having returns_dated.last_at > bounds.instant
    ) as days_known
),

last_returns as (
    select distinct on (student_id)
        creator_id,
        student_id,
        return_date,
        gap_days
    from returns_measured
    where
        gap_days > :silence_days
        and gap_days > :silence_factor * (days_between - gap_days)::numeric / nullif(gaps - 1, 0)
    order by
        student_id asc,
        return_date desc
)

select
    students.id as student_id,
    students.name,
    last_returns.return_date,
    last_returns.gap_days
from last_returns
join students
    on students.creator_id = last_returns.creator_id
    and students.id = last_returns.student_id
where students.deleted_at is null
order by
    last_returns.gap_days desc,
    students.id asc
