-- One row per student of these who is enrolled nowhere any more, if there is just one run.
insert into enrolments (creator_id, run_id, student_id, enrolled_at, follows_arrival)
select
    students.creator_id,
    only_run.run_id,
    students.id,
    students.created_at,
    true
from students
cross join (
    select (array_agg(id))[1] as run_id
    from course_runs
    where creator_id = :creator_id
    having count(*) = 1
) as only_run
where
    students.creator_id = :creator_id
    and students.import_number is not null
    and (
        :everybody
        or students.id = any(cast(:students as uuid[]))
    )
    and not exists (
        select
        from enrolments
        where
            enrolments.creator_id = :creator_id
            and enrolments.student_id = students.id
    )
