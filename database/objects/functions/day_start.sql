-- The first instant of a local day; midnight may occur twice, or never. Depends on its arguments alone, so that any query may
-- use it. Written in plpgsql, because a session keeps its plan.
create or replace function day_start(day date, zone text)
returns timestamptz
language plpgsql
immutable
strict
parallel safe
as $$
begin
    -- Zones differ by quarters of an hour, and no clock was ever changed by more than three hours.
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
