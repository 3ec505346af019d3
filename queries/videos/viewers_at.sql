-- One row: how many viewers play this second, and how often.
with

-- include: queries/videos/steps/playback

select
    coalesce(sum(steps_within.viewers_change) filter (where :second < video.length_seconds), 0)::bigint as viewers,
    coalesce(sum(steps_within.plays_change) filter (where :second < video.length_seconds), 0)::bigint as plays,
    coalesce(max(video.viewers), 0) as all_viewers
from video
left join steps_within
    on steps_within.creator_id = video.creator_id
    and steps_within.video_id = video.video_id
    and steps_within.second <= :second
