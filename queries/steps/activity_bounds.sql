-- The bounds of the period, to compare instants and days with.
bounds as materialized (
    select
        shown.creator_id,
        shown.generation,
        period.first_day,
        case when period.last_day < shown.today then period.last_day end as last_day_over,
        -- For days that are over, nobody's last activity is looked up.
        case
            when period.last_day < shown.today then 'infinity'
            when cast(:days as integer) is null then day_start(period.first_day, shown.timezone)
            else shown.instant - cast(:days as integer) * interval '24 hours'
        end as seen_since,
        -- Not before seen_since: today is not over.
        day_start(period.first_day, shown.timezone) as first_day_start,
        period.compared_first_day as first_day_before,
        period.compared_last_day as last_day_before
    from shown
    join period on period.creator_id = shown.creator_id
)
