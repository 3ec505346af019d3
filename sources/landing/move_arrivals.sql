-- One row per student whose arrival nobody told and who was there earlier than known so far.
update students
set created_at = given.arrived_at
from unnest(cast(:students as uuid[]), cast(:instants as timestamptz[])) as given (student_id, arrived_at)
where
    students.creator_id = :creator_id
    and students.id = given.student_id
    and not students.is_arrival_known
    and students.created_at > given.arrived_at
