-- One row per student among the first :limit, each with the counts of all.
with

-- include: queries/steps/shown,

-- All who may have been away for over 7 days. Each range is a look-up in the index of last_at, and needs two ends: for a
-- range with a single end the planner expects every third student, and reads all. Other conditions are applied to the rows
-- found: if they were part of the look-up, the planner would expect nobody, and count the videos for each student. Only the
-- columns that the order needs: there are many rows.
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
        and (
            (last_at > '-infinity' and last_at < (select instant - interval '7 days' from shown))
            or last_at is null
            or (last_at > (select instant from shown) and last_at < 'infinity')
        )
),

-- People who no longer take part have no reason to come back.
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
