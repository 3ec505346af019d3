-- One row: the new run, numbered after all others of the creator.
insert into course_runs (creator_id, course_id, number, title, starts_at, ends_at)
select
    :creator_id,
    :course_id,
    max(number) + 1,
    :title,
    :starts_at,
    :ends_at
from course_runs
where creator_id = :creator_id
returning id
