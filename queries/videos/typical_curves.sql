-- One row per requested video and 5% of the duration.
-- The retention of a video that resembles several of the requested ones is calculated only once.
with

-- include: queries/videos/steps/all_videos,

videos_shown as materialized (
    -- The steps are read only for videos of unknown length, to find it.
    select *
    from all_videos
    where
        video_id = any(cast(:video_ids as uuid[]))
        and length_seconds is null
),

-- include: queries/videos/steps/steps,

videos_asked as (
    -- Not videos of unknown length that too few viewers reveal: one outlier says nothing.
    select
        creator_id,
        video_id as asked_id,
        length_seconds
    from all_videos
    where
        video_id = any(cast(:video_ids as uuid[]))
        and length_seconds is not null
    union all
    select
        creator_id,
        video_id,
        length_seconds
    from lengths_reached
    where length_seconds is not null
),

videos_ranked as (
    -- The most similar in length first.
    select
        videos_asked.asked_id,
        all_videos.creator_id,
        all_videos.video_id,
        all_videos.generation,
        all_videos.edition,
        all_videos.playback_viewers,
        all_videos.length_seconds::bigint as length_seconds,
        row_number() over in_order as rank
    from videos_asked
    join all_videos
        on all_videos.creator_id = videos_asked.creator_id
        and all_videos.video_id <> videos_asked.asked_id
        and 2 * all_videos.length_seconds >= videos_asked.length_seconds
        and all_videos.length_seconds <= 2 * videos_asked.length_seconds
    where
        all_videos.status = 'completed'
        and all_videos.unique_viewers >= :least_viewers
    window in_order as (
        partition by videos_asked.asked_id
        order by abs(ln(all_videos.length_seconds::float / videos_asked.length_seconds)), all_videos.video_id
    )
),

pairs_alike as (
    select *
    from videos_ranked
    where rank <= :most_alike
),

videos_alike as (
    select distinct
        creator_id,
        video_id,
        generation,
        edition,
        playback_viewers,
        length_seconds
    from pairs_alike
),

changes_placed as (
    -- Place k is the second k * length / 20, rounded down; the last place is the last second. A change counts from the first
    -- place that is not before it.
    select
        videos_alike.creator_id,
        videos_alike.video_id,
        (20 * video_seconds.second + videos_alike.length_seconds - 1) / videos_alike.length_seconds as place,
        sum(video_seconds.viewers_change) as viewers_change
    from videos_alike
    join video_seconds
        on video_seconds.creator_id = videos_alike.creator_id
        and video_seconds.generation = videos_alike.generation
        and video_seconds.course = :course
        and video_seconds.run = :run
        and video_seconds.video_id = videos_alike.video_id
        and video_seconds.edition = videos_alike.edition
        and video_seconds.second < videos_alike.length_seconds
    group by
        videos_alike.creator_id,
        videos_alike.video_id,
        (20 * video_seconds.second + videos_alike.length_seconds - 1) / videos_alike.length_seconds
),

videos_placed as (
    select
        videos_alike.creator_id,
        videos_alike.video_id,
        videos_alike.playback_viewers,
        positions.place
    from videos_alike
    cross join lateral generate_series(0, 20) as positions (place)
),

corners as (
    -- Straight lines from everybody at the start through the points that the platform gave.
    select
        retention_points.video_id,
        retention_points.position_percent,
        retention_points.viewers_percent
    from videos_alike
    join retention_points
        on retention_points.creator_id = videos_alike.creator_id
        and retention_points.video_id = videos_alike.video_id
    where videos_alike.playback_viewers = 0
),

retention_of_each as (
    select
        videos_placed.video_id,
        videos_placed.place * 5 as position_percent,
        100.0 * sum(coalesce(changes_placed.viewers_change, 0)) over (
            partition by videos_placed.video_id
            order by videos_placed.place
        ) / videos_placed.playback_viewers as retention_percent
    from videos_placed
    left join changes_placed
        on changes_placed.creator_id = videos_placed.creator_id
        and changes_placed.video_id = videos_placed.video_id
        and changes_placed.place = videos_placed.place
    where videos_placed.playback_viewers > 0
    union all
    select
        videos_placed.video_id,
        videos_placed.place * 5,
        coalesce(
            before.viewers_percent + (after.viewers_percent - before.viewers_percent)
            * (videos_placed.place * 5 - before.position_percent)
            / nullif(after.position_percent - before.position_percent, 0),
            before.viewers_percent
        )
    from videos_placed
    cross join lateral (
        select
            position_percent,
            viewers_percent
        from (
            select
                corners.position_percent,
                corners.viewers_percent,
                1 as place
            from corners
            where
                corners.video_id = videos_placed.video_id
                and corners.position_percent <= videos_placed.place * 5
            union all
            select
                0,
                100,
                0
        ) as earlier
        order by
            position_percent desc,
            place desc
        limit 1
    ) as before
    left join lateral (
        select
            corners.position_percent,
            corners.viewers_percent
        from corners
        where
            corners.video_id = videos_placed.video_id
            and corners.position_percent > videos_placed.place * 5
        order by corners.position_percent
        limit 1
    ) as after on true
    where videos_placed.video_id in (select corners.video_id from corners)
)

select
    pairs_alike.asked_id as video_id,
    retention_of_each.position_percent,
    avg(retention_of_each.retention_percent) as retention_percent,
    count(*) as videos
from pairs_alike
join retention_of_each on retention_of_each.video_id = pairs_alike.video_id
group by
    pairs_alike.asked_id,
    retention_of_each.position_percent
order by
    pairs_alike.asked_id,
    retention_of_each.position_percent
