-- The first instant of a local day; a midnight may come twice, or never. Of its arguments alone, so that it may stand
-- in any query. In plpgsql, whose plan a session keeps.
create or replace function day_start(day date, zone text)
returns timestamptz
language plpgsql
immutable
strict
parallel safe
as $$
begin
    -- Zones differ by quarters of an hour, and none was ever set by more than three hours.
    return (
        select min(quarters.instant)
        from generate_series(
            day::timestamp at time zone zone - interval '3 hours',
            day::timestamp at time zone zone + interval '3 hours',
            interval '15 minutes'
        ) as quarters (instant)
        where (quarters.instant at time zone zone)::date >= day
    );
end;
$$;

revoke execute on function day_start(date, text) from public;
grant execute on function day_start(date, text) to dashboard_app;
