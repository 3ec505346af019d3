"""The edition of each video's file that is shown, how long it is and how many watched it: the ground of its figures."""

LEAST_VIEWERS = 5  # fewer are no rate

# A video whose length is not told is as long as playback of this many viewers reaches: one outlier tells nothing.
VIEWERS_TELL_LENGTH = 5

# One row per video that is not deleted; also where nobody watched it yet. `generation` is NULL until figures are shown.
# Materialized: what is joined by its edition then uses the index, also under row level security.
DESCRIBED = """
    {name} as materialized (
        select
            current_editions.creator_id,
            current_editions.video_id,
            current_editions.edition,
            current_editions.length_seconds, -- NULL: it is not told
            current_editions.status,
            shown_generations.generation,
            coalesce(video_totals.viewers, 0) as unique_viewers,
            coalesce(video_totals.playback_viewers, 0) as playback_viewers,
            coalesce(video_totals.views, 0) as views,
            coalesce(video_totals.completions, 0) as completions,
            case
                when video_totals.viewers >= {least_viewers}
                    then 100.0 * video_totals.completions / video_totals.viewers
            end as completion_rate_percent,
            coalesce(video_totals.watched_seconds, 0) as watched_seconds,
            video_totals.share_sum / 100.0 / nullif(video_totals.share_count, 0) as avg_watched_percent,
            video_totals.unfinished_share_sum / 100.0
            / nullif(video_totals.unfinished_share_count, 0) as avg_drop_off_percent
        from current_editions
        left join shown_generations on shown_generations.creator_id = current_editions.creator_id
        left join video_totals
            on
                video_totals.creator_id = current_editions.creator_id
                and video_totals.generation = shown_generations.generation
                and video_totals.course = 0
                and video_totals.run = 0
                and video_totals.video_id = current_editions.video_id
                and video_totals.edition = current_editions.edition
        where current_editions.creator_id = :creator_id{further}
    )
"""

ONE_VIDEO = DESCRIBED.format(
    name="videos_shown", further="\n            and current_editions.video_id = :video_id", least_viewers=LEAST_VIEWERS
)
SOME_VIDEOS = DESCRIBED.format(
    name="videos_shown",
    further="\n            and current_editions.video_id = any(cast(:video_ids as uuid[]))",
    least_viewers=LEAST_VIEWERS,
)
ALL_VIDEOS = DESCRIBED.format(name="all_videos", further="", least_viewers=LEAST_VIEWERS)

# What changes at the seconds of these videos, with the viewers from each second on; and the length of each video.
STEPS = f"""
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
            on
                video_seconds.creator_id = videos_shown.creator_id
                and video_seconds.generation = videos_shown.generation
                and video_seconds.course = 0
                and video_seconds.run = 0
                and video_seconds.video_id = videos_shown.video_id
                and video_seconds.edition = videos_shown.edition
    ),

    lengths_reached as (
        -- For videos whose length is not told: as far as enough viewers got together.
        select
            steps.creator_id,
            steps.video_id,
            max(steps.second) filter (
                where steps.viewers - steps.viewers_change >= {VIEWERS_TELL_LENGTH}
            ) as length_seconds,
            max(steps.second) as furthest_second
        from steps
        join videos_shown
            on
                videos_shown.creator_id = steps.creator_id
                and videos_shown.video_id = steps.video_id
        where videos_shown.length_seconds is null
        group by
            steps.creator_id,
            steps.video_id
    )
"""

# The last 168 hours in days of the shown generation: those that lie in them whole, and the two that they cut.
WEEK = """
    week as materialized (
        select
            creator_id,
            generation,
            timezone,
            began_at,
            now_at,
            first_day,
            last_day,
            (first_day + 1)::timestamp at time zone timezone + interval '1 hour' as first_day_over_at,
            last_day::timestamp at time zone timezone - interval '1 hour' as last_day_near_at
        from (
            select
                creator_id,
                generation,
                timezone,
                dashboard_now() - interval '168 hours' as began_at,
                dashboard_now() as now_at,
                ((dashboard_now() - interval '168 hours') at time zone timezone)::date as first_day,
                (dashboard_now() at time zone timezone)::date as last_day
            from shown_generations
            where creator_id = :creator_id
        ) as hours
    )
"""

# Views of a video that began in the `week`, any edition of its file: three short readings of the video's own rows,
# however many students there are. Around a change of clocks an hour more is read, and told by its day.
RECENT_VIEWS = """
    (
        coalesce(
            (
                select sum(video_days.views)
                from week
                join video_days
                    on
                        video_days.creator_id = week.creator_id
                        and video_days.generation = week.generation
                        and video_days.course = 0
                        and video_days.run = 0
                        and video_days.day > week.first_day
                        and video_days.day < week.last_day
                where video_days.video_id = {video}
            ),
            0
        )
        + (
            select count(*)
            from week
            join views
                on
                    views.creator_id = week.creator_id
                    and views.generation = week.generation
                    and views.course = 0
                    and views.run = 0
                    and views.began_at >= week.began_at
                    and views.began_at < week.first_day_over_at
                    and (views.began_at at time zone week.timezone)::date = week.first_day
            where views.video_id = {video}
        )
        + (
            select count(*)
            from week
            join views
                on
                    views.creator_id = week.creator_id
                    and views.generation = week.generation
                    and views.course = 0
                    and views.run = 0
                    and views.began_at >= week.last_day_near_at
                    and views.began_at <= week.now_at
                    and (views.began_at at time zone week.timezone)::date = week.last_day
            where views.video_id = {video}
        )
    )::bigint
"""
