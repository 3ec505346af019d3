-- One row per student who is silent for over 7 days and has not finished, longest silent first.
with

-- include: queries/steps/shown,

-- All who may be silent for over 7 days. Each range is a look-up of its own in the index of last_at, and needs two ends: of
-- one with a single end the planner expects every third student, and reads all. What else is asked of them is asked of what
-- was found: with it, the planner expects nobody, and counts the videos for each.
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
    and is_running -- who takes part no more has no reason to come back
order by
    silent_since,
    student_id
