-- Recompute the videos given; those that were deleted lose their row.
create or replace function refresh_videos(creator uuid, touched uuid[])
returns void
language sql
as $$
    delete from video_analytics where creator_id = creator and video_id = any(touched);

    with watching_summed as (
        select
            video_id,
            count(*) as unique_viewers,
            sum(views) as total_views,
            avg(watched_share) as avg_watch_percentage,
            count(*) filter (where completed) as completions,
            count(*) filter (where watched_share >= 75) as high_engagement_views,
            count(*) filter (where watched_share < 25) as low_engagement_views,
            avg(watched_share) filter (where not completed) as avg_drop_off_percentage,
            sum(watch_seconds) as total_watch_seconds,
            max(last_watched) as last_watched_at
        from watched_pairs
        where
            creator_id = creator
            and video_id = any(touched)
        group by video_id
    )

    insert into video_analytics
    select
        videos.creator_id,
        videos.id,
        coalesce(watching_summed.unique_viewers, 0),
        coalesce(watching_summed.total_views, 0),
        watching_summed.avg_watch_percentage,
        coalesce(watching_summed.completions, 0),
        100.0 * watching_summed.completions / watching_summed.unique_viewers,
        coalesce(watching_summed.high_engagement_views, 0),
        coalesce(watching_summed.low_engagement_views, 0),
        watching_summed.avg_drop_off_percentage,
        coalesce(watching_summed.total_watch_seconds, 0),
        watching_summed.last_watched_at
    from videos
    left join watching_summed on watching_summed.video_id = videos.id
    where
        videos.creator_id = creator
        and videos.id = any(touched)
        and videos.deleted_at is null;
$$;

revoke execute on function refresh_videos(uuid, uuid[]) from public;
