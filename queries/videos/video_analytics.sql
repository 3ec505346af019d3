-- One row, or none for a video that is unknown, deleted or another creator's.
with

-- include: queries/videos/steps/one_video,

-- include: queries/videos/steps/week,

questions_counted as (
    select
        count(*) as questions_asked,
        count(distinct student_id) as question_askers
    from asked_questions
    where
        creator_id = :creator_id
        and generation = (
            select shown_generations.generation
            from shown_generations
            where shown_generations.creator_id = :creator_id
        )
        and course = :course
        and run = :run
        and video_id = :video_id
        and asked_at <= dashboard_now()
)

select
    videos.id as video_id,
    videos.title,
    videos_shown.status,
    videos_shown.length_seconds as duration_seconds,
    videos.transcript,
    videos.transcript_times::text as transcript_times,
    videos.created_at,
    videos_shown.views,
    videos_shown.unique_viewers,
    videos_shown.completions,
    videos_shown.completion_rate_percent,
    videos_shown.avg_watched_percent,
    videos_shown.avg_drop_off_percent,
    videos_shown.watched_seconds as watch_seconds,
    (
        select max(watched_videos.last_at)
        from watched_videos
        where
            watched_videos.creator_id = videos_shown.creator_id
            and watched_videos.generation = videos_shown.generation
            and watched_videos.course = :course
            and watched_videos.run = :run
            and watched_videos.video_id = videos_shown.video_id
            and watched_videos.edition = videos_shown.edition
    ) as last_watched_at,
    -- include: queries/videos/steps/recent_views
        as views_7d,
    (select questions_asked from questions_counted) as questions_asked,
    (select question_askers from questions_counted) as question_askers,
    versions.refreshed_at
from videos_shown
join videos
    on videos.creator_id = videos_shown.creator_id
    and videos.id = videos_shown.video_id
left join creator_data_versions as versions on versions.creator_id = videos_shown.creator_id
