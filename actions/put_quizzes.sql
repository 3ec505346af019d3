-- One row per live quiz that was not in the course.
update quizzes
set course_id = :course_id
where
    creator_id = :creator_id
    and id = any(cast(:ids as uuid[]))
    and deleted_at is null
    and course_id <> :course_id
