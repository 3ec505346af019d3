-- The one path from changes to figures: a portion takes the oldest changes of a creator, refolds the keys that they name and
-- adds the differences to the sums, in a transaction of its own. A rebuild does the same with every key, into another
-- generation: first the students' own rows, which two connections may build at once, because no row belongs to two students;
-- then the sums, slice by slice, so that each row of a sum is written a few times rather than once per student.
-- It runs as the owner of the tables, but sets the tenant first, so that row level security applies to it too.

-- Bring a creator's figures up to date by one portion: the oldest changes, up to `most_keys` keys, and up to `most_students`
-- students of a generation that is being built. keys_done is NULL if another portion of this creator is running. keys_left
-- counts each student who is not built yet as one key; students_left counts only those. A caller with connections to spare
-- passes 0 for most_students, and calls build_beside() on several of them until students_left is 0.
create or replace function refresh_portion(
    creator uuid,
    most_keys integer default 2000,
    most_students integer default 100,
    out keys_done integer,
    out keys_left bigint,
    out students_left bigint
)
language plpgsql
security definer
set search_path = public, pg_temp
as $$
declare
    caller constant text := current_setting('app.creator_id', true);
    began constant timestamptz := clock_timestamp();
    shown_before integer;
    built integer;
begin
    if caller <> '' and caller::uuid <> creator then
        raise exception 'This transaction is scoped to creator %, and cannot refresh creator %.', caller, creator
            using errcode = 'insufficient_privilege';
    end if;
    if not pg_try_advisory_xact_lock(hashtextextended('refresh ' || creator::text, 0)) then
        return;
    end if;
    perform set_config('app.creator_id', creator::text, true);

    if exists (select from changes where creator_id = creator and kind = 'moved') or is_sooner_rebuilt(creator) then
        perform begin_generation(creator);
    end if;
    select generation into shown_before from shown_generations where creator_id = creator;
    perform cut_large_changes(creator, most_keys);
    keys_done := fold_changes(creator, most_keys);
    built := build_students(creator, most_students) + add_slice(creator, 4 * most_students);
    if not exists (select from creator_generations where creator_id = creator and state = 'building') then
        built := built + clear_gone(creator, 50 * most_keys);
    end if;
    students_left := students_unbuilt(creator);
    perform tell_students_built(creator);
    if
        keys_done > 0
        or (select generation from shown_generations where creator_id = creator) is distinct from shown_before
    then
        insert into creator_data_versions as versions (creator_id, version, refreshed_at, refresh_seconds)
        values (creator, 1, dashboard_now(), extract(epoch from clock_timestamp() - began))
        on conflict (creator_id) do update set
            version = versions.version + 1,
            refreshed_at = excluded.refreshed_at,
            refresh_seconds = excluded.refresh_seconds;
    else -- the answers stay the same, but are now known to be current
        update creator_data_versions set refreshed_at = dashboard_now() where creator_id = creator;
    end if;
    keys_done := keys_done + built;
    keys_left := left_to_fold(creator) + students_left;
    perform set_config('app.creator_id', coalesce(caller, ''), true);
end;
$$;

-- How many keys are waiting: those of changes that are due, the videos whose sums are not there yet, and one per generation to
-- build or to clear.
create or replace function left_to_fold(creator uuid)
returns bigint
language plpgsql
as $$
declare
    waiting bigint;
    unfinished bigint;
    unadded bigint;
begin
    select coalesce(sum(keys), 0) into waiting
    from changes
    where
        creator_id = creator
        and (due_at is null or due_at <= dashboard_now());
    select count(*) into unfinished
    from creator_generations
    where
        creator_id = creator
        and state in ('gone', 'building');
    select count(*) into unadded
    from creator_generations
    join videos
        on
            videos.creator_id = creator_generations.creator_id
            and videos.id > creator_generations.videos_added_to
    where
        creator_generations.creator_id = creator
        and videos.creator_id = creator
        and creator_generations.state = 'building';
    return waiting + unfinished + unadded;
end;
$$;

revoke execute on function refresh_portion(uuid, integer, integer) from public;
revoke execute on function left_to_fold(uuid) from public;
grant execute on function refresh_portion(uuid, integer, integer) to dashboard_app, dashboard_platform;
