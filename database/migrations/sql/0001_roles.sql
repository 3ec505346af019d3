-- Two roles that nobody logs in as. Every transaction of the application takes one of them.
--   dashboard_app       one creator's rows, by row level security
--   dashboard_platform  the directory: which creators and accounts exist, what is stale; no learner data
do $$
declare
    wanted text;
    -- Since PostgreSQL 16 whoever creates a role administers it, but may not take it yet.
    may_take constant text := case when current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end;
begin
    foreach wanted in array array['dashboard_app', 'dashboard_platform'] loop
        begin
            execute format('create role %I nologin', wanted);
        exception
            when duplicate_object or unique_violation then null; -- roles belong to the server, not to one database
        end;
        if not (pg_has_role(current_user, wanted, may_take) and pg_has_role(current_user, wanted, 'usage')) then
            execute format('grant %I to current_user', wanted);
        end if;
    end loop;

    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to public', current_database());
end;
$$;

revoke create on schema public from public;
grant usage on schema public to dashboard_app, dashboard_platform;

alter default privileges in schema public revoke execute on functions from public;
alter default privileges revoke execute on functions from public;

-- The one clock: the fixed time of DASHBOARD_NOW when the application set it, else the real one.
create function dashboard_now()
returns timestamptz
language sql
stable
as $$
    select coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now());
$$;

-- The creator that this transaction is scoped to; NULL, and so no rows, without one.
create function current_creator()
returns uuid
language sql
stable
as $$
    select nullif(current_setting('app.creator_id', true), '')::uuid;
$$;

grant execute on function dashboard_now(), current_creator() to dashboard_app, dashboard_platform;
