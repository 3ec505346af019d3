-- What every other object stands on: which time it is, and whose rows this transaction may see.

-- The one clock: the fixed time of DASHBOARD_NOW when the application set it, else the real one.
create or replace function dashboard_now()
returns timestamptz
language sql
stable
as $$
    select coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now());
$$;

-- The creator that this transaction is scoped to; NULL, and so no rows, without one.
create or replace function current_creator()
returns uuid
language sql
stable
as $$
    select nullif(current_setting('app.creator_id', true), '')::uuid;
$$;

revoke execute on function dashboard_now() from public;
revoke execute on function current_creator() from public;
grant execute on function dashboard_now(), current_creator() to dashboard_app, dashboard_platform;
