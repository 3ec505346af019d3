-- The bounds of the clock's own day, to compare instants with.
bounds as materialized (
    select
        shown.creator_id,
        shown.generation,
        shown.today,
        day_start(shown.today, shown.timezone) as day_start,
        shown.instant,
        shown.is_behind
    from shown
)
