-- What the student watched, across all files that a video ever had; how far they got, in the file that students see now.

-- include: queries/steps/shown,

editions_in_force as (
    select
        video_editions.creator_id,
        video_editions.video_id,
        max(video_editions.edition) as edition
    from shown
    join video_editions
        on video_editions.creator_id = shown.creator_id
        and video_editions.began_at <= shown.instant
    group by
        video_editions.creator_id,
        video_editions.video_id
),

started as (
    select
        watched_videos.creator_id,
        watched_videos.student_id,
        watched_videos.video_id,
        min(watched_videos.first_at) as first_watched,
        least(max(watched_videos.last_at), shown.instant) as last_watched,
        bool_or(watched_videos.is_completed) as is_completed,
        coalesce(max(editions_in_force.edition), 1) as edition, -- the one in force
        max(upper(watched_videos.ranges)) filter (
            where watched_videos.edition = coalesce(editions_in_force.edition, 1)
        ) as furthest_second,
        max(watched_videos.exit_second) filter (
            where watched_videos.edition = coalesce(editions_in_force.edition, 1)
        ) as exit_second
    from shown
    join watched_videos
        on watched_videos.creator_id = shown.creator_id
        and watched_videos.generation = shown.generation
        and watched_videos.course = :course
        and watched_videos.run = :run
        and watched_videos.student_id = :student_id
        and watched_videos.first_at <= shown.instant
    left join editions_in_force
        on editions_in_force.creator_id = watched_videos.creator_id
        and editions_in_force.video_id = watched_videos.video_id
    group by
        watched_videos.creator_id,
        watched_videos.student_id,
        watched_videos.video_id,
        shown.instant
)
