-- One row per published video, under its course and under 0: its place in the order of that course, or of all courses.
contents as materialized (
    select
        videos.creator_id,
        numbered.course,
        videos.id as video_id,
        videos.title,
        row_number() over (
            partition by numbered.course
            order by videos.position, videos.created_at, videos.id
        ) as place
    from videos
    join courses
        on courses.creator_id = videos.creator_id
        and courses.id = videos.course_id
    cross join lateral (values (0), (courses.number)) as numbered (course)
    where
        videos.creator_id = :creator_id
        and videos.status = 'completed'
        and videos.is_published
        and videos.deleted_at is null
)
