-- One row per student of the requested page, each with the number of all.
-- The same for everybody, latest first, by the index in this order: returns no row for a page that reaches students who never
-- started, or if the clock is before the newest activity.
with

-- include: queries/steps/shown,

students_counted as (
    select
        cast(:creator_id as uuid) as creator_id,
        count(*) as total,
        count(*) as remaining
    from students
    where
        creator_id = :creator_id
        and deleted_at is null
        and (
            :course = 0
            or exists (
                select
                from student_totals
                where
                    student_totals.creator_id = students.creator_id
                    and student_totals.generation = (select generation from shown)
                    and student_totals.course = :course
                    and student_totals.run = :run
                    and student_totals.student_id = students.id
            )
        )
),

page_chosen as (
    select student_totals.student_id
    from student_totals
    join students
        on students.creator_id = student_totals.creator_id
        and students.id = student_totals.student_id
    where
        student_totals.creator_id = :creator_id
        and student_totals.generation = (select generation from shown)
        and student_totals.course = :course
        and student_totals.run = :run
        and student_totals.last_at <= (select instant from shown)
        and students.deleted_at is null
        and not (select is_behind from shown)
    order by
        student_totals.last_at desc nulls last,
        student_totals.student_id asc
    limit :limit offset :offset
),

-- include: queries/students/steps/page_described

select
    students_counted.total,
    students_counted.remaining,
    page_described.*
from students_counted
join page_described on page_described.creator_id = students_counted.creator_id
order by
    last_active desc nulls last,
    student_id asc
