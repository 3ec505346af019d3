-- One row per student and video that the student started, with what was played; neither is deleted.
create or replace view watched_pairs with (security_invoker = true) as
select
    started_videos.creator_id,
    started_videos.student_id,
    started_videos.video_id,
    started_videos.last_watched,
    started_videos.completed,
    started_videos.is_published,
    started_videos.watched_share,
    greatest(playback.views, 1) as views,
    coalesce(playback.watch_seconds, started_videos.watch_duration, 0) as watch_seconds
from started_videos
cross join lateral (
    -- A view is a run of playback with gaps of up to 30 minutes.
    select
        count(*) filter (where before_at is null or watched_at - before_at > interval '30 minutes') as views,
        sum(end_second - start_second) as watch_seconds
    from (
        select
            watched_at,
            start_second,
            end_second,
            lag(watched_at) over (order by watched_at) as before_at
        from watch_segments
        where
            watch_segments.creator_id = started_videos.creator_id
            and watch_segments.student_id = started_videos.student_id
            and watch_segments.video_id = started_videos.video_id
    ) as segments
) as playback;

grant select on watched_pairs to dashboard_app;
