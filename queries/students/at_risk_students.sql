-- One row per student who has been away for over 7 days and has not finished, longest away first.
with

-- include: queries/steps/shown,

-- All who may have been away for over 7 days. Each range is a separate look-up in the index of last_at, and needs two ends: for
-- a range with a single end the planner expects every third student, and reads all. Other conditions are applied to the rows
-- found: if they were part of the look-up, the planner would expect nobody, and count the videos for each student.
students_silent as materialized (
    select *
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and generation = (select generation from shown)
        and last_at > '-infinity'
        and last_at < (select instant - interval '7 days' from shown)
    union all
    select *
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and generation = (select generation from shown)
        and last_at is null
    union all
    select *
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and generation = (select generation from shown)
        and last_at > (select instant from shown)
        and last_at < 'infinity'
)

select
    -- include: queries/steps/student_columns,
    -- include: queries/students/steps/rhythm
from students_silent as student_engagement_tiers
where
    status <> 'active'
    and not is_finished
    and is_running -- people who no longer take part have no reason to come back
order by
    silent_since,
    student_id
