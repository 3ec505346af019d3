-- The attempts of each day of this period and of the compared one; on the clock's own day, those up to the clock.

-- include: queries/steps/shown,

-- include: queries/steps/calendar,

bounds as materialized (
    select
        shown.creator_id,
        shown.generation,
        shown.instant,
        shown.today,
        period.last_day = shown.today as is_running,
        least(period.first_day, period.compared_first_day) as first_day_of_both,
        daterange(
            period.first_day,
            greatest(period.first_day, least(period.last_day + 1, shown.today))
        ) as days_until_today,
        daterange(
            period.compared_first_day,
            greatest(period.compared_first_day, period.compared_last_day + 1)
        ) as days_before
    from shown
    join period on period.creator_id = shown.creator_id
),

results as (
    select
        days.creator_id,
        days.day,
        days.attempts,
        days.passed,
        days.score_sum
    from bounds
    join days
        on days.creator_id = bounds.creator_id
        and days.generation = bounds.generation
        and days.course = :course
        and days.run = :run
        and days.day >= bounds.first_day_of_both
        and days.day < bounds.today
    union all
    select
        dated_attempts.creator_id,
        dated_attempts.day,
        count(*),
        count(*) filter (where dated_attempts.passed),
        sum(dated_attempts.score_hundredths)
    from bounds
    join dated_attempts
        on dated_attempts.creator_id = bounds.creator_id
        and dated_attempts.generation = bounds.generation
        and dated_attempts.course = :course
        and dated_attempts.run = :run
        and dated_attempts.day = bounds.today
        and dated_attempts.completed_at <= bounds.instant
    group by
        dated_attempts.creator_id,
        dated_attempts.day
)
