-- One row, as of shown. Its columns are used as scalar subqueries, which are evaluated once, before the questions are read.

-- include: queries/steps/shown,

-- include: queries/steps/period,

clock as materialized (
    select
        shown.creator_id,
        shown.generation,
        shown.timezone,
        shown.today,
        period.first_day,
        period.last_day,
        day_start(shown.today, shown.timezone) as day_start,
        day_start(period.first_day, shown.timezone) as period_start,
        day_start(period.last_day + 1, shown.timezone) as period_end,
        day_start(period.compared_first_day, shown.timezone) as before_start,
        day_start(period.compared_last_day + 1, shown.timezone) as before_end
    from shown
    join period on period.creator_id = shown.creator_id
)
