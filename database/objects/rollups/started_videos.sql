-- One row per student and video that the student started; neither is deleted.
create or replace view started_videos with (security_invoker = true) as
select
    video_progress.creator_id,
    video_progress.student_id,
    video_progress.video_id,
    video_progress.first_watched,
    video_progress.last_watched,
    video_progress.watch_duration,
    video_progress.completed,
    videos.status = 'completed' as is_published,
    coalesce(
        video_progress.watch_percentage,
        (
            -- The mean of the video's retention curve: the area under it. Everyone is there at 0 %.
            select
                (
                    sum((position_percent - before_position) * (viewers_percent + before_viewers) / 2)
                    + (100 - max(position_percent)) * (array_agg(viewers_percent order by position_percent desc))[1]
                ) / 100
            from (
                select
                    position_percent,
                    viewers_percent,
                    lag(position_percent, 1, 0) over curve as before_position,
                    lag(viewers_percent, 1, 100) over curve as before_viewers
                from retention_points
                where
                    retention_points.creator_id = video_progress.creator_id
                    and retention_points.video_id = video_progress.video_id
                window curve as (order by position_percent)
            ) as points
        )
    ) as watched_share
from video_progress
join students
    on students.creator_id = video_progress.creator_id
    and students.id = video_progress.student_id
join videos
    on videos.creator_id = video_progress.creator_id
    and videos.id = video_progress.video_id
where
    students.deleted_at is null
    and videos.deleted_at is null;

grant select on started_videos to dashboard_app;
