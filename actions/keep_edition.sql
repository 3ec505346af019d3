-- One row: the edition of the video's file that is shown until now, on record with its length and its file.
insert into video_editions (creator_id, video_id, edition, began_at, duration_seconds, storage_key, poster_key)
select
    videos.creator_id,
    videos.id,
    coalesce(newest.edition, 1),
    coalesce(newest.began_at, videos.created_at),
    coalesce(newest.duration_seconds, videos.duration_seconds),
    videos.storage_key,
    videos.poster_key
from videos
left join lateral (
    select
        edition,
        began_at,
        duration_seconds
    from video_editions
    where
        video_editions.creator_id = videos.creator_id
        and video_editions.video_id = videos.id
    order by edition desc
    limit 1
) as newest on true
where
    videos.creator_id = :creator_id
    and videos.id = :video_id
on conflict (creator_id, video_id, edition) do update set
    duration_seconds = excluded.duration_seconds,
    storage_key = excluded.storage_key,
    poster_key = excluded.poster_key
