-- A condition on video_progress, as the folds have it: of the level's run, and not to come. A platform tells of one
-- instant, the last, unless that is still to come.
video_progress.first_watched <= dashboard_now()
and (
    :run = 0
    or :run = (
        select level_runs.number
        from (
            select
                video_progress.creator_id,
                video_progress.student_id,
                case
                    when video_progress.last_watched <= dashboard_now() then video_progress.last_watched
                    else video_progress.first_watched
                end as instant
        ) as done
        -- include: queries/steps/run_in_force
    )
)
