-- One row per student who is stuck at the video, longest silent first.
with

-- include: queries/videos/steps/one_video,

students_placed as (
    select
        creator_id,
        generation,
        student_id,
        furthest_video,
        last_active
    from shown_student_totals
    where
        creator_id = :creator_id
        and furthest_video = :video_id
        and not furthest_completed
        and runs_until > (select dashboard_now())
)

select
    students_placed.student_id,
    students.name,
    students.email,
    students_placed.last_active,
    extract(epoch from dashboard_now() - students_placed.last_active) / 86400 as silent_days,
    coalesce(
        video_progress.watch_percentage,
        -- Not the mean of the video's curve, which says nothing about one student.
        case
            when watched_videos.ranges is not null and videos_shown.length_seconds is not null
                then watched_videos.share_hundredths / 100.0
        end
    ) as watched_percent
from students_placed
join videos_shown
    on videos_shown.creator_id = students_placed.creator_id
    and videos_shown.video_id = students_placed.furthest_video
join students
    on students.creator_id = students_placed.creator_id
    and students.id = students_placed.student_id
left join watched_videos
    on watched_videos.creator_id = students_placed.creator_id
    and watched_videos.generation = students_placed.generation
    and watched_videos.course = :course
    and watched_videos.run = :run
    and watched_videos.student_id = students_placed.student_id
    and watched_videos.video_id = students_placed.furthest_video
    and watched_videos.edition = videos_shown.edition
left join video_progress
    on video_progress.creator_id = students_placed.creator_id
    and video_progress.student_id = students_placed.student_id
    and video_progress.video_id = students_placed.furthest_video
    and (
        -- include: queries/steps/progress_of_the_level
    )
where
    videos_shown.status = 'completed'
    and students_placed.last_active < dashboard_now() - :silent_days * interval '24 hours'
order by
    students_placed.last_active,
    students_placed.student_id
