-- The students of a generation that is being built.

-- Build the next students of a range that nobody else is working on: their own rows, without the sums over students. Returns
-- the number of students.
create or replace function build_students(creator uuid, most_students integer)
returns integer
language plpgsql
as $$
declare
    part building_ranges;
    ids uuid[];
    nothing uuid[];
    never timestamptz[];
    owners uuid[];
    sessions uuid[];
begin
    if most_students = 0 then
        return 0;
    end if;
    select * into part
    from building_ranges
    where
        creator_id = creator
        and built_to < last_student
    order by last_student
    limit 1
    for update skip locked;
    if not found then
        return 0;
    end if;
    ids := array(
        select id
        from students
        where
            creator_id = creator
            and id > part.built_to
            and id <= part.last_student
        order by id
        limit most_students
    );
    nothing := array_fill(null::uuid, array[cardinality(ids)]);
    never := array_fill(null::timestamptz, array[cardinality(ids)]);
    -- A conversation may hold messages of several students; it is built together with the student it belongs to.
    select
        coalesce(array_agg(student_id), '{}'),
        coalesce(array_agg(id), '{}')
    into owners, sessions
    from every_chat_session
    where
        creator_id = creator
        and student_id = any(ids);
    perform note_rows_to_come(creator, ids, dashboard_now());
    -- Students who are enrolled here are folded completely below; others who wrote in their conversations follow when it is
    -- their turn.
    perform set_config('app.builds_students', 'true', true);
    perform enrol_active_of_keys(creator, ids, nothing, '{}', '{}', owners, sessions);
    perform set_config('app.builds_students', '', true);
    perform fold_keys(creator, part.generation, ids, ids, nothing, never, '{}', ids, nothing, never, owners, sessions, ids, nothing, '{}');
    update building_ranges
    set
        built_to = case when cardinality(ids) < most_students then last_student else ids[cardinality(ids)] end,
        students_built = students_built + cardinality(ids)
    where
        creator_id = creator
        and generation = part.generation
        and last_student = part.last_student;
    return greatest(cardinality(ids), 1);
end;
$$;

-- Build students next to other transactions that do the same. Returns how many; NULL if a portion is running or no student is
-- left to take.
create or replace function build_beside(creator uuid, most_students integer)
returns integer
language plpgsql
security definer
set search_path = public, pg_temp
as $$
declare
    caller constant text := current_setting('app.creator_id', true);
    built integer;
begin
    if caller <> '' and caller::uuid <> creator then
        raise exception 'This transaction is scoped to creator %, and cannot build figures of creator %.', caller, creator
            using errcode = 'insufficient_privilege';
    end if;
    if not pg_try_advisory_xact_lock_shared(hashtextextended('refresh ' || creator::text, 0)) then
        return null;
    end if;
    perform set_config('app.creator_id', creator::text, true);
    built := build_students(creator, most_students);
    perform set_config('app.creator_id', coalesce(caller, ''), true);
    return nullif(built, 0);
end;
$$;

-- How many students of the generation being built are not built yet; at least one while a range is open.
create or replace function students_unbuilt(creator uuid)
returns bigint
language plpgsql
as $$
begin
    return coalesce(sum(greatest(students_to_build - students_built, 1)), 0)
    from building_ranges
    where
        creator_id = creator
        and built_to < last_student;
end;
$$;

-- Show people who are waiting how many students are built. The builders do not do this themselves: they would wait for each
-- other's row.
create or replace function tell_students_built(creator uuid)
returns void
language plpgsql
as $$
begin
    update creator_generations
    set students_built = least(counted.students, creator_generations.students_to_build)
    from (select sum(students_built) as students from building_ranges where creator_id = creator) as counted
    where
        creator_generations.creator_id = creator
        and creator_generations.state = 'building'
        and creator_generations.students_built <> least(counted.students, creator_generations.students_to_build);
end;
$$;

revoke execute on function build_beside(uuid, integer) from public;
revoke execute on function students_unbuilt(uuid) from public;
revoke execute on function tell_students_built(uuid) from public;
revoke execute on function build_students(uuid, integer) from public;
grant execute on function build_beside(uuid, integer) to dashboard_app, dashboard_platform;
