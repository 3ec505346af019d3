-- The refresh in its three forms, and the rebuild: each is one transaction, for small jobs. The dashboard's own worker and
-- commands call refresh_portion(), which commits between portions.

-- Runs portions one after the other until nothing is left or `most_keys` keys are done. Returns how many are left; NULL if
-- another transaction is already at work.
create or replace function refresh_portions(creator uuid, most_keys bigint)
returns bigint
language plpgsql
security definer
set search_path = public, pg_temp
as $$
declare
    portion record;
    done bigint := 0;
begin
    loop
        portion := refresh_portion(creator, 2000, 500);
        exit when portion.keys_done is null or portion.keys_left = 0;
        done := done + portion.keys_done;
        if done >= most_keys then
            raise notice '% keys of creator % are left: call it again, or let the worker or "manage.py refresh" go on.',
                portion.keys_left, creator;
            exit;
        end if;
    end loop;
    return portion.keys_left;
end;
$$;

-- Bring one creator's figures up to date, up to 5,000 keys. Returns false if another transaction is already at work.
create or replace function refresh_creator_dashboard_views(creator uuid)
returns boolean
language plpgsql
security definer
set search_path = public, pg_temp
as $$
begin
    return refresh_portions(creator, 5000) is not null;
end;
$$;

-- The same for every creator with changes that are due or with an unfinished generation. Returns how many there were.
create or replace function refresh_creator_dashboard_views()
returns integer
language plpgsql
security definer
set search_path = public, pg_temp
as $$
declare
    stale uuid;
    refreshed integer := 0;
begin
    if current_setting('app.creator_id', true) <> '' then
        raise exception 'This transaction is scoped to one creator, and cannot refresh all.'
            using errcode = 'insufficient_privilege';
    end if;
    foreach stale in array stale_creators() loop
        begin
            refreshed := refreshed + refresh_creator_dashboard_views(stale)::integer;
        exception when others then -- one creator's odd row; the changes stay for the next refresh
            raise warning 'Creator % could not be refreshed (SQLSTATE %); the others were.', stale, sqlstate;
        end;
    end loop;
    return refreshed;
end;
$$;

-- Rebuild everything in one transaction, for one creator or, if none is given, for all. Returns how many were rebuilt.
create or replace function rebuild_creator_dashboard_views(creator uuid default null)
returns integer
language plpgsql
security definer
set search_path = public, pg_temp
as $$
declare
    caller constant text := current_setting('app.creator_id', true);
    wanted uuid;
    rebuilt integer := 0;
begin
    if caller <> '' and caller::uuid is distinct from creator then
        raise exception 'This transaction is scoped to creator %, and cannot rebuild another.', caller
            using errcode = 'insufficient_privilege';
    end if;
    for wanted in select id from creators where id = coalesce(creator, id) order by id loop
        begin
            perform set_config('app.creator_id', wanted::text, true);
            perform pg_advisory_xact_lock(hashtextextended('refresh ' || wanted::text, 0));
            perform begin_generation(wanted);
            perform refresh_portions(wanted, 9223372036854775807);
            rebuilt := rebuilt + 1;
        exception when others then
            if creator is not null then
                raise;
            end if;
            raise warning 'Creator % could not be rebuilt (SQLSTATE %); the others were.', wanted, sqlstate;
        end;
        perform set_config('app.creator_id', coalesce(caller, ''), true);
    end loop;
    return rebuilt;
end;
$$;

-- Creators with changes that are due or with an unfinished generation; runs as the role that sees the directory.
create or replace function stale_creators()
returns uuid[]
language plpgsql
stable
as $$
begin
    return array(
        select creator_id
        from changes
        where
            due_at is null
            or due_at <= dashboard_now()
        union
        select creator_id
        from creator_generations
        where state <> 'shown'
        order by creator_id
    );
end;
$$;

revoke execute on function refresh_portions(uuid, bigint) from public;
revoke execute on function refresh_creator_dashboard_views(uuid) from public;
revoke execute on function refresh_creator_dashboard_views() from public;
revoke execute on function rebuild_creator_dashboard_views(uuid) from public;
revoke execute on function stale_creators() from public;
grant execute on function refresh_creator_dashboard_views(uuid) to dashboard_app, dashboard_platform;
grant execute on function refresh_creator_dashboard_views() to dashboard_platform;
grant execute on function rebuild_creator_dashboard_views(uuid) to dashboard_platform;
grant execute on function stale_creators() to dashboard_platform;
