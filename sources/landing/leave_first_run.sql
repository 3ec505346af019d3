-- One row per enrolment that a student got for want of a better one, now that a source says where they are.
delete from enrolments
where
    creator_id = :creator_id
    and student_id = any(cast(:students as uuid[]))
    and follows_arrival
    and import_number is null
