-- How a generation begins, and how an old one goes.

-- The two ends of every range of ids: no student or video has either of them.
create or replace function first_id()
returns uuid
language sql
immutable
parallel safe
as $$
    select '00000000-0000-0000-0000-000000000000'::uuid;
$$;

create or replace function last_id()
returns uuid
language sql
immutable
parallel safe
as $$
    select 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid;
$$;

-- Begin to rebuild everything next to what is shown; any build under way is abandoned. If only a few changes are waiting, they
-- still reach what is shown in the meantime; if many are, as after a load, none does: the rebuild reads their rows anyway, and
-- they would be folded twice.
create or replace function begin_generation(creator uuid)
returns void
language plpgsql
as $$
declare
    next_generation constant integer := 1 + coalesce((select max(generation) from creator_generations where creator_id = creator), 0);
    waiting constant bigint := (
        select sum(keys)
        from changes
        where
            creator_id = creator
            and (due_at is null or due_at <= dashboard_now())
    );
    levels record;
begin
    update creator_generations set state = 'gone' where creator_id = creator and state = 'building';
    delete from building_ranges where creator_id = creator;
    delete from changes
    where
        creator_id = creator
        and (due_at is null or due_at <= dashboard_now())
        and (kind = 'moved' or waiting > 2000);
    levels := levels_of(creator);
    insert into creator_generations (creator_id, generation, timezone, state, courses, runs, students_to_build, students_added_to, videos_added_to)
    select
        creator,
        next_generation,
        creators.timezone,
        'building',
        levels.courses,
        levels.runs,
        (select count(*) from students where creator_id = creator),
        first_id(),
        first_id()
    from creators
    where creators.id = creator;
    -- Ranges with the same number of students each; the last one extends to students who are added later, and exists even
    -- without students.
    insert into building_ranges (creator_id, generation, built_to, last_student, students_to_build)
    select
        creator,
        next_generation,
        coalesce(lag(last_student) over in_order, first_id()),
        case when row_number() over in_order = count(*) over () then last_id() else last_student end,
        students
    from (
        select
            (array_agg(id order by id desc))[1] as last_student,
            count(id) as students
        from (
            select
                id,
                ntile(8) over (order by id) as part
            from students
            where creator_id = creator
            union all
            select
                null,
                null
            where not exists (select from students where creator_id = creator)
        ) as everybody
        group by part
    ) as parts
    window in_order as (order by last_student);
end;
$$;

-- So much has changed that rebuilding everything takes less time than folding key by key: a key takes about a twentieth of the
-- time of a student with a whole history. A creator whose figures nobody has seen yet, as after a first import, has nothing to
-- keep.
create or replace function is_sooner_rebuilt(creator uuid)
returns boolean
language plpgsql
as $$
declare
    waiting bigint;
begin
    select sum(keys) into waiting
    from changes
    where
        creator_id = creator
        and (due_at is null or due_at <= dashboard_now());
    if waiting is null or waiting <= 20000 then -- a few seconds at most
        return false;
    end if;
    return
        waiting > 20 * coalesce(
            (
                select course_totals.students
                from shown_generations
                join course_totals
                    on
                        course_totals.creator_id = shown_generations.creator_id
                        and course_totals.generation = shown_generations.generation
                        and course_totals.course = 0
                        and course_totals.run = 0
                where shown_generations.creator_id = creator
            ),
            0
        )
        and not exists (select from creator_generations where creator_id = creator and state = 'building');
end;
$$;

-- Delete rows of generations that nobody sees any more, at most `most_rows` from each relation. Returns 1 if there were any.
create or replace function clear_gone(creator uuid, most_rows integer)
returns integer
language plpgsql
as $$
declare
    old integer;
    cleared integer;
begin
    select generation into old from creator_generations where creator_id = creator and state = 'gone' order by generation limit 1;
    if not found then
        return 0;
    end if;
    cleared := clear_totals(creator, old, most_rows)
        + clear_watching(creator, old, most_rows)
        + clear_activity(creator, old, most_rows)
        + clear_chat(creator, old, most_rows)
        + clear_quizzes(creator, old, most_rows);
    if cleared = 0 then
        delete from creator_generations where creator_id = creator and generation = old;
    end if;
    return 1;
end;
$$;

revoke execute on function begin_generation(uuid) from public;
revoke execute on function first_id() from public;
revoke execute on function last_id() from public;
revoke execute on function is_sooner_rebuilt(uuid) from public;
revoke execute on function clear_gone(uuid, integer) from public;
