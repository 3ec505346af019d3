-- One row per started video of the requested page, newest first, each with the number of all.
with

-- include: queries/students/steps/student_found,

-- include: queries/students/steps/started,

page_chosen as (
    select
        count(*) over () as total,
        started.*,
        videos.title,
        videos.duration_seconds,
        -- include: queries/students/steps/stopped_at
            as stopped_at_second
    from student_found
    join started on started.creator_id = student_found.creator_id
    join videos
        on videos.creator_id = started.creator_id
        and videos.id = started.video_id
    where videos.deleted_at is null
    order by
        started.last_watched desc,
        videos.id asc
    limit :limit offset :offset
)

select
    page_chosen.total,
    page_chosen.video_id,
    page_chosen.title,
    page_chosen.duration_seconds,
    page_chosen.first_watched,
    page_chosen.last_watched,
    page_chosen.is_completed as completed,
    video_progress.watch_percentage as watched_percent,
    page_chosen.furthest_second,
    page_chosen.stopped_at_second
from page_chosen
left join video_progress
    on video_progress.creator_id = page_chosen.creator_id
    and video_progress.student_id = page_chosen.student_id
    and video_progress.video_id = page_chosen.video_id
    and (
        -- include: queries/steps/progress_of_the_level
    )
order by
    page_chosen.last_watched desc,
    page_chosen.video_id asc
