-- What changes at each second of these videos, with the viewers from that second on; and the length of each video.
steps as (
    select
        videos_shown.creator_id,
        videos_shown.video_id,
        video_seconds.second,
        video_seconds.viewers_change,
        video_seconds.plays_change,
        video_seconds.exits,
        sum(video_seconds.viewers_change) over (
            partition by videos_shown.video_id
            order by video_seconds.second
        ) as viewers
    from videos_shown
    join video_seconds
        on video_seconds.creator_id = videos_shown.creator_id
        and video_seconds.generation = videos_shown.generation
        and video_seconds.course = :course
        and video_seconds.run = :run
        and video_seconds.video_id = videos_shown.video_id
        and video_seconds.edition = videos_shown.edition
),

lengths_reached as (
    -- For videos of unknown length: the furthest point that enough viewers reached.
    select
        steps.creator_id,
        steps.video_id,
        max(steps.second) filter (
            where steps.viewers - steps.viewers_change >= :viewers_tell_length
        ) as length_seconds,
        max(steps.second) as furthest_second
    from steps
    join videos_shown
        on videos_shown.creator_id = steps.creator_id
        and videos_shown.video_id = steps.video_id
    where videos_shown.length_seconds is null
    group by
        steps.creator_id,
        steps.video_id
)
