-- One row per video and stretch of seconds that were played equally often.
with

-- include: queries/students/steps/student_found,

-- include: queries/students/steps/started,

counts_changed as (
    select
        watched_videos.video_id,
        changes.second,
        changes.change
    from student_found
    join started on started.creator_id = student_found.creator_id
    join shown on shown.creator_id = started.creator_id
    join watched_videos
        on watched_videos.creator_id = shown.creator_id
        and watched_videos.generation = shown.generation
        and watched_videos.course = :course
        and watched_videos.run = :run
        and watched_videos.student_id = started.student_id
        and watched_videos.video_id = started.video_id
        and watched_videos.edition = started.edition
    cross join lateral unnest(watched_videos.play_seconds, watched_videos.play_changes) as changes (second, change)
    where started.video_id = any(cast(:video_ids as uuid[]))
),

stretches as (
    select
        video_id,
        second as start_second,
        lead(second) over in_order as end_second,
        sum(change) over in_order as plays
    from counts_changed
    window in_order as (partition by video_id order by second)
)

select
    video_id,
    start_second,
    end_second,
    plays::integer as plays
from stretches
where plays > 0
order by
    video_id,
    start_second
