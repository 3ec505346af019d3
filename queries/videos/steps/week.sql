-- The last 168 hours in days of the shown generation: the days that lie in them entirely, and the two that they cut.
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
