-- A condition on video_progress, as in the folds: of the level's run, and not in the future. A platform reports one instant,
-- the last one; if that is still to come, the first one is used.
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
