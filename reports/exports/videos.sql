-- One row per video. With the column course, where the creator has several, behind the others: reports.exports.course_column.
with

-- include: queries/videos/steps/videos_filtered

select
    title,
    -- 100 only where it is all of them.
    least(
        round(completion_rate_percent, 2),
        case when completions < unique_viewers then 99.99 end
    ) as completion_rate_rounded,
    band,
    unique_viewers,
    views,
    views_7d,
    round(avg_watched_percent, 2) as avg_watched_rounded,
    round(avg_drop_off_percent, 2) as avg_drop_off_rounded,
    duration_seconds,
    status,
    category,
    difficulty_level,
    array_to_string(tags, ', ') as tags,
    completions,
    position,
    created_at,
    video_id::text as video_id{course}
from videos_filtered
