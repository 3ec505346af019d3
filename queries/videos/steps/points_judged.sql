-- Takes several videos at once: the list of all videos that lose viewers then reads their seconds once. Viewers who watched on
-- into the ending have not stopped, and if the length is unknown nobody can tell: the sum has no exits of them.

-- include: queries/videos/steps/some_videos,

stops_counted as (
    select
        videos_shown.video_id,
        videos_shown.playback_viewers as viewers,
        video_seconds.second as stop_second,
        video_seconds.exits as students
    from videos_shown
    join video_seconds
        on video_seconds.creator_id = videos_shown.creator_id
        and video_seconds.generation = videos_shown.generation
        and video_seconds.course = :course
        and video_seconds.run = :run
        and video_seconds.video_id = videos_shown.video_id
        and video_seconds.edition = videos_shown.edition
    where video_seconds.exits > 0
),

points as (
    select
        video_id,
        viewers,
        stop_second / :bin_seconds * :bin_seconds as start_second,
        (array_agg(stop_second order by students desc, stop_second asc))[1] as second,
        sum(students)::bigint as viewers_lost
    from stops_counted
    group by
        video_id,
        viewers,
        stop_second / :bin_seconds * :bin_seconds
),

points_reached as (
    select
        points.*,
        viewers - coalesce(sum(viewers_lost) over earlier, 0)::bigint as viewers_reached
    from points
    window earlier as (
        partition by video_id
        order by start_second rows between unbounded preceding and 1 preceding
    )
),

points_judged as (
    select
        video_id,
        second,
        start_second,
        viewers_lost,
        viewers_reached,
        viewers,
        100.0 * viewers_lost / viewers_reached as lost_percent,
        viewers_lost >= :least_viewers and viewers_lost >= :cliff_share * viewers_reached as is_cliff
    from points_reached
)
