-- One row per published video that most viewers did not complete, of those with enough viewers to tell.
with

-- include: queries/videos/steps/all_videos

select
    videos.id as video_id,
    videos.title,
    coalesce(videos.duration_seconds, 0) as duration_seconds,
    coalesce(videos.transcript, '') as transcript,
    videos.transcript_times::text as transcript_times,
    all_videos.unique_viewers,
    all_videos.completions
from all_videos
join videos
    on videos.creator_id = all_videos.creator_id
    and videos.id = all_videos.video_id
where
    all_videos.status = 'completed'
    and all_videos.unique_viewers >= :least_viewers
    and all_videos.completions < all_videos.unique_viewers
order by
    all_videos.unique_viewers - all_videos.completions desc,
    videos.position asc,
    videos.created_at asc,
    videos.id asc
limit :most
