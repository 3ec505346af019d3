-- One row per requested level: how many students finished, and the time within which half of them did.
with

-- include: queries/courses/steps/levels,

-- include: queries/courses/steps/students_finished

select
    levels.course,
    levels.run,
    count(students_finished.finished_at) as finished_students,
    percentile_cont(0.5) within group (
        -- Students enrolled after they had finished took no time.
        order by
            greatest(
                extract(epoch from students_finished.finished_at - students_finished.enrolled_at), 0
            )::double precision / 86400
    ) filter (where students_finished.finished_at is not null) as median_days
from levels
left join students_finished
    on students_finished.creator_id = levels.creator_id
    and students_finished.course = levels.course
    and students_finished.run = levels.run
group by
    levels.course,
    levels.run
