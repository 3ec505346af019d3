-- The edition of each video's file that is in force now, with its length; without deleted videos, and only for the course that
-- the transaction reads.
create or replace view current_editions with (security_invoker = true) as
select
    videos.creator_id,
    videos.id as video_id,
    coalesce(newest.edition, 1) as edition,
    nullif(coalesce(newest.duration_seconds, videos.duration_seconds), 0) as length_seconds, -- NULL: unknown
    -- Processed, and not shown to students: neither a file that failed nor one that they can watch.
    case when videos.status = 'completed' and not videos.is_published then 'ready' else videos.status end as status
from videos
left join video_editions as newest
    on
    newest.creator_id = videos.creator_id
    and newest.video_id = videos.id
    and (newest.edition = 1 or newest.began_at <= (select dashboard_now()))
    and not exists (
        select
        from video_editions as later
        where
            later.creator_id = newest.creator_id
            and later.video_id = newest.video_id
            and later.edition > newest.edition
            and later.began_at <= (select dashboard_now())
    )
where
    videos.deleted_at is null
    and ((select current_course_id()) is null or videos.course_id = (select current_course_id()));

grant select on current_editions to dashboard_app;

-- One row per video that is not deleted, with the figures of the edition in force.
create or replace view video_analytics with (security_invoker = true) as
select
    current_editions.creator_id,
    current_editions.video_id,
    coalesce(video_totals.viewers, 0) as unique_viewers,
    coalesce(video_totals.views, 0) as total_views,
    video_totals.share_sum / 100.0 / nullif(video_totals.share_count, 0) as avg_watch_percentage,
    coalesce(video_totals.completions, 0) as completions,
    100.0 * video_totals.completions / nullif(video_totals.viewers, 0) as completion_rate, -- percent; NULL: nobody started
    coalesce(video_totals.high_shares, 0) as high_engagement_views,
    coalesce(video_totals.low_shares, 0) as low_engagement_views,
    video_totals.unfinished_share_sum / 100.0 / nullif(video_totals.unfinished_share_count, 0) as avg_drop_off_percentage,
    coalesce(video_totals.watched_seconds, 0) as total_watch_seconds,
    (
        select watched_videos.last_at
        from watched_videos
        where
            watched_videos.creator_id = video_totals.creator_id
            and watched_videos.generation = video_totals.generation
            and watched_videos.course = (select current_course())
            and watched_videos.run = (select current_run())
            and watched_videos.video_id = video_totals.video_id
            and watched_videos.edition = video_totals.edition
        order by watched_videos.last_at desc
        limit 1
    ) as last_watched_at
from current_editions
left join shown_generations on shown_generations.creator_id = current_editions.creator_id
left join video_totals
    on
    video_totals.creator_id = current_editions.creator_id
    and video_totals.generation = shown_generations.generation
    and video_totals.course = (select current_course())
    and video_totals.run = (select current_run())
    and video_totals.video_id = current_editions.video_id
    and video_totals.edition = current_editions.edition;

grant select on video_analytics to dashboard_app;
