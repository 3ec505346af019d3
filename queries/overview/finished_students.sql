-- One row per student who finished and watched the last of the videos in the period; latest first.
with

-- include: queries/steps/shown,

-- include: queries/steps/period,

bounds as materialized (
    select
        shown.creator_id,
        shown.generation,
        shown.instant,
        day_start(period.first_day, shown.timezone) as period_start,
        day_start(period.last_day + 1, shown.timezone) as period_end
    from shown
    join period on period.creator_id = shown.creator_id
),

students_finished as materialized (
    select
        creator_id,
        student_id,
        name,
        published_videos
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and generation = (select generation from bounds)
        and last_at >= (select period_start from bounds)
        and is_finished
)

select
    students_finished.student_id,
    students_finished.name,
    students_finished.published_videos,
    last_completed.finished_at
from bounds
join students_finished on students_finished.creator_id = bounds.creator_id
cross join lateral (
    select max(watched_videos.last_at) as finished_at
    from watched_videos
    where
        watched_videos.creator_id = students_finished.creator_id
        and watched_videos.generation = bounds.generation
        and watched_videos.course = :course
        and watched_videos.run = :run
        and watched_videos.student_id = students_finished.student_id
        and watched_videos.is_completed
        and watched_videos.is_required
) as last_completed
where
    last_completed.finished_at between bounds.period_start and bounds.instant
    and last_completed.finished_at < bounds.period_end
order by
    last_completed.finished_at desc,
    students_finished.student_id asc
