-- One row per live video that was not in the course.
update videos
set
    course_id = :course_id,
    updated_at = dashboard_now()
where
    creator_id = :creator_id
    and id = any(cast(:ids as uuid[]))
    and deleted_at is null
    and course_id <> :course_id
