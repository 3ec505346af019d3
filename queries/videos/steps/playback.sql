-- The video, up to its known length: seconds beyond it do not exist.

-- include: queries/videos/steps/one_video,

-- include: queries/videos/steps/steps,

video as (
    select
        videos_shown.creator_id,
        videos_shown.video_id,
        videos_shown.playback_viewers as viewers,
        coalesce(
            videos_shown.length_seconds,
            lengths_reached.length_seconds,
            lengths_reached.furthest_second
        ) as length_seconds
    from videos_shown
    left join lengths_reached
        on lengths_reached.creator_id = videos_shown.creator_id
        and lengths_reached.video_id = videos_shown.video_id
),

steps_within as (
    select
        steps.creator_id,
        steps.video_id,
        steps.second,
        steps.viewers_change,
        steps.plays_change
    from steps
    join video
        on video.creator_id = steps.creator_id
        and video.video_id = steps.video_id
    where steps.second < video.length_seconds
)
