-- One row per student of the page asked for, each with the number of all.
-- The same for everybody by name, by the index in this order, from the name that the page begins behind to the end. What
-- stands in curly brackets is a direction.
with

-- include: queries/steps/shown,

reached as materialized (
    select
        case
            when cast(:after_id as uuid) is null then cast(:start_key as text) collate "C"
            else coalesce(
                (
                    select sort_key
                    from students
                    where
                        creator_id = :creator_id
                        and id = cast(:after_id as uuid)
                ),
                cast(:end_key as text) collate "C"
            )
        end as sort_key
),

bounds as materialized (
    select
        sort_key as reached_key,
        least(sort_key, cast(:end_key as text) collate "C") as first_key,
        greatest(sort_key, cast(:end_key as text) collate "C") as last_key
    from reached
),

students_listed as not materialized (
    select
        id as student_id,
        sort_key
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

students_behind as not materialized (
    select
        student_id,
        sort_key
    from students_listed
    where
        sort_key between (select first_key from bounds) and (select last_key from bounds)
        and (
            cast(:after_id as uuid) is null
            or sort_key <> (select reached_key from bounds)
            or student_id > cast(:after_id as uuid)
        )
),

students_counted as (
    select
        cast(:creator_id as uuid) as creator_id,
        (select count(*) from students_listed) as total,
        case
            when cast(:after_id as uuid) is null then (select count(*) from students_listed)
            else (select count(*) from students_behind)
        end as remaining
),

page_chosen as (
    select student_id
    from students_behind
    order by
        sort_key {direction},
        student_id asc
    limit :limit offset :offset
),

-- include: queries/students/steps/page_described

select
    students_counted.total,
    students_counted.remaining,
    page_described.*
from students_counted
left join page_described on page_described.creator_id = students_counted.creator_id
order by
    sort_key {direction},
    student_id asc
