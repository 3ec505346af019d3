-- Views of a row of videos_shown that began in the week, of any edition of its file: three short reads of the video's own rows,
-- however many students there are. Around a clock change one more hour is read, and filtered by its day.
(
    coalesce(
        (
            select sum(video_days.views)
            from week
            join video_days
                on video_days.creator_id = week.creator_id
                and video_days.generation = week.generation
                and video_days.course = :course
                and video_days.run = :run
                and video_days.day > week.first_day
                and video_days.day < week.last_day
            where video_days.video_id = videos_shown.video_id
        ),
        0
    )
    + (
        select count(*)
        from week
        join views
            on views.creator_id = week.creator_id
            and views.generation = week.generation
            and views.course = :course
            and views.run = :run
            and views.began_at >= week.began_at
            and views.began_at < week.first_day_over_at
            and (views.began_at at time zone week.timezone)::date = week.first_day
        where views.video_id = videos_shown.video_id
    )
    + (
        select count(*)
        from week
        join views
            on views.creator_id = week.creator_id
            and views.generation = week.generation
            and views.course = :course
            and views.run = :run
            and views.began_at >= week.last_day_near_at
            and views.began_at <= week.now_at
            and (views.began_at at time zone week.timezone)::date = week.last_day
        where views.video_id = videos_shown.video_id
    )
)::bigint
