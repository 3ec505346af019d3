-- The refresh, in its three forms. It runs as the owner of the tables, but sets the tenant
-- first, so that row level security holds for it too.

-- Recompute what changed for one creator. False: another refresh of this creator is running.
create or replace function refresh_creator_dashboard_views(creator uuid)
returns boolean
language plpgsql
security definer
set search_path = public, pg_temp
as $$
declare
    caller constant text := current_setting('app.creator_id', true);
    began constant timestamptz := clock_timestamp();
    marks jsonb;
begin
    if caller <> '' and caller::uuid <> creator then
        raise exception 'This transaction is scoped to creator %, and cannot refresh creator %.', caller, creator
            using errcode = 'insufficient_privilege';
    end if;
    if not pg_try_advisory_xact_lock(hashtextextended('refresh ' || creator::text, 0)) then
        return false;
    end if;
    perform set_config('app.creator_id', creator::text, true);

    -- Only marks that are visible now go; a change that commits meanwhile keeps its own.
    with marks_taken as (
        delete from stale_marks where creator_id = creator
        returning kind, key
    ),

    keys_gathered as (
        select
            kind,
            jsonb_agg(distinct key) as keys
        from marks_taken
        group by kind
    )

    select coalesce(jsonb_object_agg(kind, keys), '{}') into marks from keys_gathered;

    perform recompute_marked(creator, marks);
    perform finish_refresh(creator, began);
    perform set_config('app.creator_id', coalesce(caller, ''), true);
    return true;
end;
$$;

-- Recompute everything from nothing, for one creator or, without one, for all.
create or replace function rebuild_creator_dashboard_views(creator uuid default null)
returns integer
language plpgsql
security definer
set search_path = public, pg_temp
as $$
declare
    caller constant text := current_setting('app.creator_id', true);
    wanted uuid;
    began timestamptz;
    rebuilt integer := 0;
begin
    if caller <> '' and caller::uuid is distinct from creator then
        raise exception 'This transaction is scoped to creator %, and cannot rebuild another.', caller
            using errcode = 'insufficient_privilege';
    end if;
    for wanted in select id from creators where id = coalesce(creator, id) order by id loop
        begin
            began := clock_timestamp();
            perform pg_advisory_xact_lock(hashtextextended('refresh ' || wanted::text, 0));
            perform set_config('app.creator_id', wanted::text, true);
            delete from stale_marks where creator_id = wanted;
            perform recompute_everything(wanted);
            perform finish_refresh(wanted, began);
            rebuilt := rebuilt + 1;
        exception when others then
            if creator is not null then
                raise;
            end if;
            raise warning 'Creator % could not be rebuilt (SQLSTATE %); the others were.', wanted, sqlstate;
        end;
    end loop;
    perform set_config('app.creator_id', coalesce(caller, ''), true);
    return rebuilt;
end;
$$;

-- Recompute what changed, for every creator with a mark. The number of creators refreshed.
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
    for stale in select distinct creator_id from stale_marks order by creator_id loop
        begin
            refreshed := refreshed + refresh_creator_dashboard_views(stale)::integer;
        exception when others then -- one creator's odd row; their marks stay for the next refresh
            raise warning 'Creator % could not be refreshed (SQLSTATE %); the others were.', stale, sqlstate;
        end;
    end loop;
    return refreshed;
end;
$$;

-- Recompute what the marks name: kind -> keys. What each kind stands for is told in triggers/stale_marks.sql.
create or replace function recompute_marked(creator uuid, marks jsonb)
returns void
language plpgsql
as $$
declare
    zone constant text := (select timezone from creators where id = creator);
    histories constant uuid[] := marked_keys(marks, 'history');
    viewed constant uuid[] := marked_keys(marks, 'viewers');
    sessions constant uuid[] := marked_keys(marks, 'session');
    days constant text[] := marked_keys(marks, 'day');
    students_touched uuid[];
begin
    -- Days of another zone were noted while the zone changed: which days they are now is not known.
    if marks ? 'everything' or exists (select from unnest(days) as day where split_part(day, ' ', 2) <> zone) then
        perform recompute_everything(creator);
        return;
    end if;

    students_touched := array(
        select unnest(marked_keys(marks, 'student')::uuid[])
        union
        select student_id from video_progress where creator_id = creator and video_id = any(viewed)
        union
        select student_id from chat_messages where creator_id = creator and session_id = any(sessions)
    );
    perform refresh_students(creator, students_touched);
    perform refresh_sessions(creator, students_touched);
    perform refresh_videos(creator, array(
        select unnest(marked_keys(marks, 'video')::uuid[])
        union
        select video_id from video_progress where creator_id = creator and student_id = any(histories)
    ));
    perform refresh_days(creator, array(
        select split_part(day, ' ', 1)::date from unnest(days) as day
        union
        select (occurred_at at time zone zone)::date from signs_of_life where creator_id = creator and student_id = any(histories)
    ));
    perform refresh_questions(creator, array(
        select unnest(marked_keys(marks, 'question'))
        union
        select question_key
        from chat_messages
        where
            creator_id = creator
            and question_key is not null
            and (session_id = any(sessions) or student_id = any(histories))
    ));
end;
$$;

create or replace function marked_keys(marks jsonb, wanted_kind text)
returns text[]
language sql
immutable
as $$
    select array(select jsonb_array_elements_text(marks -> wanted_kind));
$$;

create or replace function recompute_everything(creator uuid)
returns void
language plpgsql
as $$
declare
    all_students constant uuid[] := array(select id from students where creator_id = creator);
    zone constant text := (select timezone from creators where id = creator);
begin
    -- Rows of keys that no source row mentions any more go first.
    delete from student_activity where creator_id = creator;
    delete from student_sessions where creator_id = creator;
    delete from video_analytics where creator_id = creator;
    delete from daily_active_users where creator_id = creator;
    delete from daily_student_activity where creator_id = creator;
    delete from hourly_activity where creator_id = creator;
    delete from most_asked_questions where creator_id = creator;

    perform refresh_students(creator, all_students);
    perform refresh_sessions(creator, all_students);
    perform refresh_videos(creator, array(select id from videos where creator_id = creator));
    perform refresh_days(
        creator,
        array(select distinct (occurred_at at time zone zone)::date from signs_of_life where creator_id = creator)
    );
    perform refresh_questions(
        creator,
        array(select distinct question_key from chat_messages where creator_id = creator and question_key is not null)
    );
end;
$$;

-- The version goes last: its row lock is held for the shortest time.
create or replace function finish_refresh(creator uuid, began timestamptz)
returns void
language plpgsql
as $$
begin
    perform refresh_totals(creator);
    insert into creator_data_versions as versions (creator_id, version, refreshed_at, refresh_seconds)
    values (creator, 1, dashboard_now(), extract(epoch from clock_timestamp() - began))
    on conflict (creator_id) do update set
        version = versions.version + 1,
        refreshed_at = excluded.refreshed_at,
        refresh_seconds = excluded.refresh_seconds;
end;
$$;

revoke execute on function refresh_creator_dashboard_views(uuid) from public;
revoke execute on function rebuild_creator_dashboard_views(uuid) from public;
revoke execute on function refresh_creator_dashboard_views() from public;
revoke execute on function recompute_marked(uuid, jsonb) from public;
revoke execute on function marked_keys(jsonb, text) from public;
revoke execute on function recompute_everything(uuid) from public;
revoke execute on function finish_refresh(uuid, timestamptz) from public;
grant execute on function refresh_creator_dashboard_views(uuid) to dashboard_app, dashboard_platform;
grant execute on function refresh_creator_dashboard_views() to dashboard_platform;
grant execute on function rebuild_creator_dashboard_views(uuid) to dashboard_platform;
