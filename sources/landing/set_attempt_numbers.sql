-- One row per attempt that gets another number.
update quiz_attempts
set attempt_number = given.number
from unnest(cast(:ids as uuid[]), cast(:numbers as integer[])) as given (id, number)
where
    quiz_attempts.creator_id = :creator_id
    and quiz_attempts.id = given.id
