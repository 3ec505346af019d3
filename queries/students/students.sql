-- One row per student of the requested page, each with the number of all that match. Text in curly brackets is chosen by
-- order_choices of queries.students.paging: a column and a direction.
with

-- include: queries/steps/students_clock,

students_fitting as materialized ( -- only the columns that the order needs: there are many rows
    select
        creator_id,
        student_id,
        {place_column} as place
    from student_engagement_tiers
    where
        -- include: queries/steps/students_fit
),

-- Whether each comes after the cursor; those without a place come last, ties by id.
students_placed as not materialized (
    select
        student_id,
        place,
        case
            when cast(:after_id as uuid) is null then true
            when {after_value} is null then place is null and student_id > cast(:after_id as uuid)
            else
                coalesce(case :sort_order when 'asc' then place > {after_value} else place < {after_value} end, true)
                or (place = {after_value} and student_id > cast(:after_id as uuid))
        end as is_behind
    from students_fitting
),

students_counted as (
    select
        cast(:creator_id as uuid) as creator_id,
        count(*) as total,
        count(*) filter (where is_behind) as remaining
    from students_placed
),

page_chosen as (
    select student_id
    from students_placed
    where is_behind
    order by
        place {direction} nulls last,
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
    {order_column} {direction} nulls last,
    student_id asc
