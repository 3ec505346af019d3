-- One row per published video of the courses that the student has not left, in course order.
with

-- include: queries/students/steps/student_found,

-- include: queries/students/steps/started

select
    videos.id as video_id,
    videos.title,
    videos.duration_seconds,
    row_number() over (
        order by courses.position, courses.number, videos.position, videos.created_at, videos.id
    ) as place,
    case
        when started.is_completed then 'completed'
        when started.video_id is not null then 'started'
        else 'not_started'
    end as state,
    started.last_watched,
    -- include: queries/students/steps/stopped_at
        as stopped_at_second
from student_found
left join shown_student_totals
    on shown_student_totals.creator_id = student_found.creator_id
    and shown_student_totals.student_id = student_found.student_id
join courses
    on courses.creator_id = student_found.creator_id
    and (shown_student_totals.courses is null or courses.number = any(shown_student_totals.courses))
join videos
    on videos.creator_id = courses.creator_id
    and videos.course_id = courses.id
    and videos.status = 'completed'
    and videos.is_published
    and videos.deleted_at is null
    and (cast(:course_id as uuid) is null or videos.course_id = cast(:course_id as uuid))
left join started
    on started.creator_id = videos.creator_id
    and started.video_id = videos.id
order by place
