-- One row per video that is not deleted, as the library lists it.

-- include: queries/videos/steps/all_videos,

videos_described as (
    select
        all_videos.video_id,
        videos.title,
        all_videos.status,
        videos.category,
        videos.tags,
        videos.difficulty_level,
        all_videos.length_seconds as duration_seconds,
        videos.position,
        videos.created_at,
        videos.sort_key,
        videos.search_text,
        all_videos.views,
        all_videos.unique_viewers,
        all_videos.completions,
        all_videos.completion_rate_percent,
        all_videos.avg_watched_percent,
        all_videos.avg_drop_off_percent,
        case
            when all_videos.completion_rate_percent is null then 'too-few'
            when all_videos.completion_rate_percent < :low_completion then 'too-long'
            when all_videos.completion_rate_percent <= :high_completion then 'average'
            else 'high-quality'
        end as band
    from all_videos
    join videos
        on videos.creator_id = all_videos.creator_id
        and videos.id = all_videos.video_id
)
