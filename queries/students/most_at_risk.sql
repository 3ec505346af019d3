-- One row per student of the first :limit, each with the numbers of all.
with

-- include: queries/steps/shown,

-- All who may be silent for over 7 days. Each range is a look-up of its own in the index of last_at, and needs two ends: of
-- one with a single end the planner expects every third student, and reads all. What else is asked of them is asked of what
-- was found: with it, the planner expects nobody, and counts the videos for each. No more of each than the order asks for:
-- there are many.
students_silent as materialized (
    select
        student_id,
        status,
        is_finished,
        is_running,
        silent_since
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and generation = (select generation from shown)
        and last_at > '-infinity'
        and last_at < (select instant - interval '7 days' from shown)
    union all
    select
        student_id,
        status,
        is_finished,
        is_running,
        silent_since
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and generation = (select generation from shown)
        and last_at is null
    union all
    select
        student_id,
        status,
        is_finished,
        is_running,
        silent_since
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and generation = (select generation from shown)
        and last_at > (select instant from shown)
        and last_at < 'infinity'
),

-- Who takes part no more has no reason to come back.
students_not_well as not materialized (
    select *
    from students_silent
    where
        status <> 'active'
        and not is_finished
        and is_running
),

students_counted as (
    select
        cast(:creator_id as uuid) as creator_id,
        count(*) filter (where status = 'at-risk') as at_risk,
        count(*) filter (where status = 'inactive') as inactive
    from students_not_well
),

first_chosen as (
    select student_id
    from students_not_well
    order by
        silent_since,
        student_id
    limit :limit
),

first_described as (
    select
        creator_id,
        silent_since,
        -- include: queries/steps/student_columns,
        -- include: queries/students/steps/rhythm
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and student_id = any(array(select student_id from first_chosen))
)

select
    students_counted.at_risk,
    students_counted.inactive,
    first_described.*
from students_counted
left join first_described on first_described.creator_id = students_counted.creator_id
order by
    first_described.silent_since,
    first_described.student_id
