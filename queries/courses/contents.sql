-- One row per video and quiz that is not deleted, in the order of its course.
select
    kind,
    id,
    title,
    course_id
from (
    select
        'video' as kind,
        id,
        title,
        course_id,
        position,
        created_at
    from videos
    where
        creator_id = :creator_id
        and deleted_at is null
    union all
    select
        'quiz',
        id,
        title,
        course_id,
        position,
        created_at
    from quizzes
    where
        creator_id = :creator_id
        and deleted_at is null
) as contents
order by
    kind desc,
    position asc,
    created_at asc,
    id asc
