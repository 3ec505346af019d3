-- One row per course that moves.
update courses
set position = wanted.position
from unnest(cast(:course_ids as uuid[])) with ordinality as wanted (id, position)
where
    courses.creator_id = :creator_id
    and courses.id = wanted.id
    and courses.position <> wanted.position
