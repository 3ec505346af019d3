-- One row per enrolment of these students that began, as far as anybody knows, when they arrived.
update enrolments
set enrolled_at = least(students.created_at, coalesce(enrolments.ended_at, students.created_at))
from students
where
    enrolments.creator_id = :creator_id
    and enrolments.student_id = any(cast(:students as uuid[]))
    and enrolments.follows_arrival
    and students.creator_id = :creator_id
    and students.id = enrolments.student_id
    and enrolments.enrolled_at <> least(students.created_at, coalesce(enrolments.ended_at, students.created_at))
