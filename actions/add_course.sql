-- One row: the new course, after all others.
insert into courses (creator_id, number, position, title)
select
    :creator_id,
    max(number) + 1,
    max(position) + 1,
    :title
from courses
where creator_id = :creator_id
returning id
