-- One row per video and reason: the best, the worst, and those that could not be processed.
with

-- include: queries/videos/steps/videos_described,

videos_judged as (
    select *
    from videos_described
    where band <> 'too-few'
),

best_found as (
    select
        video_id,
        completion_rate_percent
    from videos_judged
    order by
        completion_rate_percent desc,
        unique_viewers desc,
        position asc,
        video_id asc
    limit 1
),

worst_found as (
    select
        video_id,
        completion_rate_percent
    from videos_judged
    order by
        completion_rate_percent asc,
        unique_viewers desc,
        position asc,
        video_id asc
    limit 1
),

reasons_found as (
    select
        video_id,
        'best' as reason
    from best_found
    union all
    select
        video_id,
        'worst'
    from worst_found
    where completion_rate_percent < (select completion_rate_percent from best_found)
    union all
    select
        video_id,
        'failed'
    from videos_described
    where status = 'failed'
)

select
    reasons_found.reason,
    videos_described.video_id,
    videos_described.title,
    videos_described.position,
    videos_described.unique_viewers,
    videos_described.completions,
    videos_described.completion_rate_percent::float as completion_rate_percent
from videos_described
join reasons_found on reasons_found.video_id = videos_described.video_id
order by
    reasons_found.reason,
    videos_described.position,
    videos_described.created_at,
    videos_described.video_id
