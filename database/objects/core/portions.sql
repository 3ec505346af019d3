-- The one path from changes to figures: a portion takes the oldest changes of a creator, refolds the keys that they name
-- and adds the differences to the sums, in a transaction of its own. A rebuild is the same with every key, into another
-- generation: first the students' own rows, which two connections may build at once, because no row belongs to two students;
-- then the sums, slice by slice, so that each row of a sum is written a few times and not once for every student.
-- It runs as the owner of the tables, but sets the tenant first, so that row level security holds for it too.

-- The ends of every range of ids: no student or video has one of these.
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

-- Begin to build everything anew beside what is shown; what was being built until now is given up. A few changes that wait
-- still reach what is shown until then; of many, as after a load, none does: their rows are read anyway, and would be
-- folded twice.
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
    -- Ranges of as many students each; the last reaches to whoever comes later, and is there even without students.
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

-- Note keys in slices of a portion's size.
create or replace function note_in_slices(
    creator uuid, what text, subjects uuid[], objects uuid[], instants timestamptz[], most_keys integer
)
returns void
language plpgsql
as $$
begin
    insert into changes (creator_id, kind, subjects, objects, instants)
    select
        creator,
        what,
        slices.subjects,
        slices.objects,
        slices.instants
    from slices_of(subjects, objects, instants, most_keys) as slices;
end;
$$;

-- Parallel arrays, cut into pieces of so many elements. Read once: taking slices of a long array by their places would copy
-- all of it for every slice. An array that is empty stays empty.
create or replace function slices_of(subjects uuid[], objects uuid[], instants timestamptz[], most_keys integer)
returns table (subjects uuid[], objects uuid[], instants timestamptz[])
language sql
immutable
as $$
    select
        array_agg(named.subject order by named.place),
        case when objects = '{}' then objects else array_agg(named.object order by named.place) end,
        case when instants = '{}' then instants else array_agg(named.instant order by named.place) end
    from unnest(subjects, objects, instants) with ordinality as named (subject, object, instant, place)
    group by (named.place - 1) / most_keys;
$$;

-- Cut changes that name more keys than a portion takes.
create or replace function cut_large_changes(creator uuid, most_keys integer)
returns void
language plpgsql
as $$
begin
    with large as (
        delete from changes
        where
            creator_id = creator
            and keys > most_keys
            and cardinality(subjects) > 1
        returning changed_at, due_at, kind, subjects, objects, instants, greatest(most_keys / (keys / cardinality(subjects)), 1) as size
    )

    insert into changes (creator_id, changed_at, due_at, kind, subjects, objects, instants)
    select
        creator,
        large.changed_at,
        large.due_at,
        large.kind,
        slices.subjects,
        slices.objects,
        slices.instants
    from large
    cross join lateral slices_of(large.subjects, large.objects, large.instants, large.size) as slices;
end;
$$;

-- Bring a creator's figures up to date by one portion: the oldest changes, up to so many keys, and up to so many students
-- of a generation that is being built. keys_done is NULL where another portion of this creator is running; keys_left
-- counts a student who is not built yet as one, and so does students_left, without all else: who has connections to spare
-- asks for no students here, and calls build_beside() over several of them until it is 0.
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
    else -- the answers stay the same ones, but are known to be of now
        update creator_data_versions set refreshed_at = dashboard_now() where creator_id = creator;
    end if;
    keys_done := keys_done + built;
    keys_left := left_to_fold(creator) + students_left;
    perform set_config('app.creator_id', coalesce(caller, ''), true);
end;
$$;

-- So much has changed that to build everything anew takes less time than to fold key by key: a key takes about a twentieth
-- of what a student with a whole history does. Whose figures nobody has seen yet, as after a first import, has nothing to
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

-- Build students beside other transactions that do the same. How many; NULL: a portion is running, or nobody is left to take.
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

-- How many students of the generation that is being built are not built yet; at least one while a range is open.
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

-- Tell people who wait how many students are built. Not by those who build: they would wait for each other's row.
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

-- How many keys wait: those of changes that are due, the videos whose sums are not there yet, and one per generation to build
-- or to clear.
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

-- Take the oldest changes and fold the keys that they name. The number of keys.
create or replace function fold_changes(creator uuid, most_keys integer)
returns integer
language plpgsql
as $$
declare
    moment constant timestamptz := dashboard_now();
    -- A clock that stands still may stand within a quarter of an hour, and a later instant of that quarter may wait.
    is_fixed constant boolean := coalesce(current_setting('app.now', true), '') <> '';
    found record;
    live record;
    taken integer := 0;
    watched_students uuid[] := '{}';
    watched_videos uuid[] := '{}';
    watched_instants timestamptz[] := '{}';
    active_students uuid[] := '{}';
    active_videos uuid[] := '{}';
    active_instants timestamptz[] := '{}';
    asking_students uuid[] := '{}';
    sessions uuid[] := '{}';
    asked_instants timestamptz[] := '{}';
    taking_students uuid[] := '{}';
    quizzes_taken uuid[] := '{}';
    attempted_students uuid[] := '{}';
    attempted_quizzes uuid[] := '{}';
    attempted_instants timestamptz[] := '{}';
    enrolled uuid[] := '{}';
    lost_or_back uuid[] := '{}';
    placed uuid[] := '{}';
    everybody uuid[];
begin
    for found in
        with first_changes as (
            select
                ctid as place,
                changed_at,
                keys,
                kind,
                subjects,
                objects,
                instants
            from changes
            where
                creator_id = creator
                and (due_at is null or due_at <= moment)
            order by changed_at
            limit 4 * most_keys
        ),

        -- A beat of a player names its key twice, and a student who watches on names the same ones: what counts is how many
        -- different keys are folded. A later change that names nothing else goes with them.
        oldest as materialized (
            select
                first_changes.*,
                row_number() over in_order as number
            from (
                select
                    *,
                    sum(keys) over (order by changed_at, place) - keys as keys_before
                from first_changes
            ) as first_changes
            where first_changes.keys_before < 4 * most_keys
            window in_order as (order by first_changes.changed_at, first_changes.place)
        ),

        keys_by_change as (
            select
                number,
                sum(keys) filter (where number = first_number) as new_keys,
                max(first_number) as newest_number
            from (
                select
                    oldest.number,
                    oldest.keys / cardinality(oldest.subjects) as keys, -- a student who left stands for a hundred
                    min(oldest.number) over (partition by oldest.kind, named.subject, named.object, named.instant) as first_number
                from oldest
                cross join lateral unnest(oldest.subjects, oldest.objects, oldest.instants) as named (subject, object, instant)
            ) as keys_named
            group by number
        ),

        left_over as (
            select min(number) as first_number
            from (
                select
                    number,
                    sum(new_keys) over (order by number) - new_keys as keys_before
                from keys_by_change
            ) as counted
            where keys_before >= most_keys
        ),

        numbers_taken as (
            select number
            from keys_by_change
            where newest_number < coalesce((select first_number from left_over), 2147483647)
        ),

        changes_taken as (
            delete from changes
            where
                creator_id = creator
                and ctid = any(array(select place from oldest where number in (select number from numbers_taken)))
            returning kind, subjects, objects, instants
        ),

        keys_named as (
            select distinct
                changes_taken.kind,
                named.subject,
                named.object,
                named.instant
            from changes_taken
            cross join lateral unnest(changes_taken.subjects, changes_taken.objects, changes_taken.instants) as named (subject, object, instant)
        )

        select
            kind,
            array_agg(subject) as subjects,
            array_agg(object) as objects,
            array_agg(instant) as instants
        from keys_named
        group by kind
    loop
        taken := taken + cardinality(found.subjects);
        case found.kind
            when 'watched' then
                watched_students := found.subjects;
                watched_videos := found.objects;
                watched_instants := found.instants;
            when 'acted' then
                active_students := found.subjects || active_students;
                active_videos := found.objects || active_videos;
                active_instants := found.instants || active_instants;
            when 'asked' then
                asking_students := found.subjects;
                sessions := found.objects;
                asked_instants := found.instants;
            when 'attempted' then
                taking_students := found.subjects || taking_students;
                quizzes_taken := found.objects || quizzes_taken;
                attempted_students := found.subjects;
                attempted_quizzes := found.objects;
                attempted_instants := found.instants;
                active_students := found.subjects || active_students;
                active_videos := array_fill(null::uuid, array[cardinality(found.subjects)]) || active_videos;
                active_instants := found.instants || active_instants;
            when 'answered' then
                select
                    coalesce(array_agg(student_id), '{}') || taking_students,
                    coalesce(array_agg(quiz_id), '{}') || quizzes_taken
                into taking_students, quizzes_taken
                from quiz_attempts
                where
                    creator_id = creator
                    and id = any(found.subjects);
            when 'enrolled' then
                enrolled := found.subjects;
            when 'left' then
                lost_or_back := found.subjects;
            when 'published' then
                perform note_viewers(creator, found.subjects, most_keys);
            when 'reordered' then
                perform note_everybody(creator, most_keys);
            when 'placed' then
                placed := found.subjects;
            when 'requizzed' then
                perform note_takers(creator, found.subjects, most_keys);
            else
                null; -- arrived, touched: the version tells
        end case;
    end loop;
    if taken = 0 then
        return 0;
    end if;

    perform note_for_later(creator, 'watched', watched_students, watched_videos, watched_instants, moment, is_fixed);
    perform note_for_later(creator, 'acted', active_students, active_videos, active_instants, moment, is_fixed);
    perform note_for_later(creator, 'asked', asking_students, sessions, asked_instants, moment, is_fixed);
    perform note_for_later(creator, 'attempted', attempted_students, attempted_quizzes, attempted_instants, moment, is_fixed);
    active_students := watched_students || asking_students || active_students;
    active_videos := watched_videos || array_fill(null::uuid, array[cardinality(asking_students)]) || active_videos;
    active_instants := watched_instants || asked_instants || active_instants;
    -- A key without an instant moved no activity.
    select
        coalesce(array_agg(student_id), '{}'),
        coalesce(array_agg(video_id), '{}'),
        coalesce(array_agg(instant), '{}')
    into active_students, active_videos, active_instants
    from unnest(active_students, active_videos, active_instants) as named (student_id, video_id, instant)
    where instant is not null;

    -- A student who left or came back is a key without object and instant: everything of theirs.
    if cardinality(lost_or_back) > 0 then
        enrolled := enrolled || lost_or_back;
        watched_students := watched_students || lost_or_back;
        watched_videos := watched_videos || array_fill(null::uuid, array[cardinality(lost_or_back)]);
        watched_instants := watched_instants || array_fill(null::timestamptz, array[cardinality(lost_or_back)]);
        active_students := active_students || lost_or_back;
        active_videos := active_videos || array_fill(null::uuid, array[cardinality(lost_or_back)]);
        active_instants := active_instants || array_fill(null::timestamptz, array[cardinality(lost_or_back)]);
        asking_students := asking_students || lost_or_back;
        sessions := sessions || array_fill(null::uuid, array[cardinality(lost_or_back)]);
        taking_students := taking_students || lost_or_back;
        quizzes_taken := quizzes_taken || array_fill(null::uuid, array[cardinality(lost_or_back)]);
    end if;
    everybody := array(
        select distinct student_id
        from unnest(enrolled || watched_students || active_students || asking_students || taking_students) as named (student_id)
    );

    insert into creator_generations (creator_id, generation, timezone, state)
    select
        creators.id,
        1,
        creators.timezone,
        'shown'
    from creators
    where
        creators.id = creator
        and not exists (select from creator_generations where creator_generations.creator_id = creator);
    for live in
        select
            creator_generations.generation,
            levels.course,
            levels.run
        from creator_generations
        cross join lateral unnest(creator_generations.courses, creator_generations.runs) as levels (course, run)
        where
            creator_generations.creator_id = creator
            and creator_generations.state in ('shown', 'building')
        order by
            creator_generations.generation,
            levels.course,
            levels.run
    loop
        perform fold_students(creator, live.generation, live.course, live.run, enrolled);
        perform fold_watching(creator, live.generation, live.course, live.run, watched_students, watched_videos, watched_instants);
        perform fold_furthest(
            creator,
            live.generation,
            live.course,
            live.run,
            watched_students || placed,
            watched_videos || array_fill(null::uuid, array[cardinality(placed)])
        );
        perform fold_activity(creator, live.generation, live.course, live.run, active_students, active_videos, active_instants);
        perform fold_chat(creator, live.generation, live.course, live.run, asking_students, sessions);
        perform fold_quizzes(creator, live.generation, live.course, live.run, taking_students, quizzes_taken);
        perform fold_failures(creator, live.generation, live.course, live.run, taking_students);
        perform drop_empty_sums(creator, live.generation, live.course, live.run, everybody);
    end loop;
    return taken;
end;
$$;

-- What lies after the clock counts nowhere until then: its key is folded again when it is due, and stands behind all
-- that is older.
create or replace function note_for_later(
    creator uuid,
    what text,
    students uuid[],
    objects uuid[],
    instants timestamptz[],
    moment timestamptz,
    is_fixed boolean
)
returns void
language plpgsql
as $$
begin
    insert into changes (creator_id, changed_at, due_at, kind, subjects, objects, instants)
    select
        creator,
        late.due_at,
        late.due_at,
        what,
        array[late.student_id],
        array[late.object_id],
        array[late.instant]
    from (
        select
            student_id,
            object_id,
            instant,
            instant + case when instant > moment then interval '0' else interval '15 minutes' end as due_at
        from unnest(students, objects, instants) as named (student_id, object_id, instant)
        where
            instant > moment
            or (is_fixed and instant + interval '15 minutes' > moment)
    ) as late;
end;
$$;

-- Everybody who watched the videos, whichever table says so.
create or replace function note_viewers(creator uuid, videos uuid[], most_keys integer)
returns void
language plpgsql
as $$
declare
    students uuid[];
    watched uuid[];
begin
    select
        array_agg(student_id),
        array_agg(video_id)
    into students, watched
    from (
        select
            student_id,
            video_id
        from video_progress
        where
            creator_id = creator
            and video_id = any(videos)
        union
        select
            student_id,
            video_id
        from watch_segments
        where
            creator_id = creator
            and video_id = any(videos)
    ) as viewers;
    perform note_in_slices(
        creator, 'watched', students, watched, array_fill(null::timestamptz, array[coalesce(cardinality(students), 0)]), most_keys
    );
end;
$$;

-- Everybody who took the quizzes.
create or replace function note_takers(creator uuid, quizzes uuid[], most_keys integer)
returns void
language plpgsql
as $$
declare
    students uuid[];
    taken uuid[];
begin
    select
        array_agg(student_id),
        array_agg(quiz_id)
    into students, taken
    from (
        select distinct
            student_id,
            quiz_id
        from quiz_attempts
        where
            creator_id = creator
            and quiz_id = any(quizzes)
    ) as takers;
    perform note_in_slices(
        creator, 'attempted', students, taken, array_fill(null::timestamptz, array[coalesce(cardinality(students), 0)]), most_keys
    );
end;
$$;

-- Build the next students of a range that nobody else is at: their own rows, without the sums over students. The number of
-- students.
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
    live record;
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
    -- A conversation may hold messages of several students: it is built with the one whose it is.
    select
        coalesce(array_agg(student_id), '{}'),
        coalesce(array_agg(id), '{}')
    into owners, sessions
    from chat_sessions
    where
        creator_id = creator
        and student_id = any(ids);
    perform note_rows_to_come(creator, ids, dashboard_now());
    for live in
        select
            levels.course,
            levels.run
        from creator_generations
        cross join lateral unnest(creator_generations.courses, creator_generations.runs) as levels (course, run)
        where
            creator_generations.creator_id = creator
            and creator_generations.generation = part.generation
        order by
            levels.course,
            levels.run
    loop
        perform fold_students(creator, part.generation, live.course, live.run, ids);
        perform fold_watching(creator, part.generation, live.course, live.run, ids, nothing, never);
        perform fold_furthest(creator, part.generation, live.course, live.run, ids, nothing);
        perform fold_activity(creator, part.generation, live.course, live.run, ids, nothing, never);
        perform fold_chat(creator, part.generation, live.course, live.run, owners, sessions);
        perform fold_quizzes(creator, part.generation, live.course, live.run, ids, nothing);
        perform fold_failures(creator, part.generation, live.course, live.run, ids);
    end loop;
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

-- Where every student is built, add the next slice to the sums: some thousand students, behind the last of them some videos;
-- behind the last of those the generation is shown, and the old one is gone. To add a student takes a quarter of the time that
-- it takes to build one; a video has many of them. How many videos, or 1 for anything else.
create or replace function add_slice(creator uuid, most_students integer)
returns integer
language plpgsql
as $$
declare
    building creator_generations;
    live record;
    slice_to uuid;
    added integer := 1;
begin
    select * into building from creator_generations where creator_id = creator and state = 'building';
    if not found or most_students = 0 or students_unbuilt(creator) > 0 then
        return 0;
    end if;
    if building.students_added_to < last_id() then
        slice_to := coalesce(
            (
                select id
                from students
                where
                    creator_id = creator
                    and id > building.students_added_to
                order by id
                offset most_students - 1
                limit 1
            ),
            last_id()
        );
        for live in
            select
                course,
                run
            from unnest(building.courses, building.runs) as levels (course, run)
        loop
            perform fold_students(creator, building.generation, live.course, live.run, '{}', building.students_added_to, slice_to);
            perform fold_activity(creator, building.generation, live.course, live.run, '{}', '{}', '{}', building.students_added_to, slice_to);
            perform fold_chat(creator, building.generation, live.course, live.run, '{}', '{}', building.students_added_to, slice_to);
            perform fold_quizzes(creator, building.generation, live.course, live.run, '{}', '{}', building.students_added_to, slice_to);
        end loop;
        update creator_generations
        set students_added_to = slice_to
        where
            creator_id = creator
            and generation = building.generation;
    elsif building.videos_added_to < last_id() then
        slice_to := coalesce(
            (
                select id
                from videos
                where
                    creator_id = creator
                    and id > building.videos_added_to
                order by id
                offset most_students / 32
                limit 1
            ),
            last_id()
        );
        for live in
            select
                course,
                run
            from unnest(building.courses, building.runs) as levels (course, run)
        loop
            perform fold_watching(creator, building.generation, live.course, live.run, '{}', '{}', '{}', building.videos_added_to, slice_to);
        end loop;
        update creator_generations
        set videos_added_to = slice_to
        where
            creator_id = creator
            and generation = building.generation;
        added := (
            select count(*)
            from videos
            where
                creator_id = creator
                and id > building.videos_added_to
                and id <= slice_to
        );
    else
        update creator_generations set state = 'gone' where creator_id = creator and state = 'shown';
        update creator_generations set state = 'shown' where creator_id = creator and generation = building.generation;
        delete from building_ranges where creator_id = creator;
    end if;
    return added;
end;
$$;

-- Delete rows of generations that nobody sees any more, so many of each relation. 1 where there were any.
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
revoke execute on function note_in_slices(uuid, text, uuid[], uuid[], timestamptz[], integer) from public;
revoke execute on function slices_of(uuid[], uuid[], timestamptz[], integer) from public;
revoke execute on function cut_large_changes(uuid, integer) from public;
revoke execute on function refresh_portion(uuid, integer, integer) from public;
revoke execute on function first_id() from public;
revoke execute on function last_id() from public;
revoke execute on function build_beside(uuid, integer) from public;
revoke execute on function students_unbuilt(uuid) from public;
revoke execute on function tell_students_built(uuid) from public;
revoke execute on function is_sooner_rebuilt(uuid) from public;
revoke execute on function add_slice(uuid, integer) from public;
revoke execute on function left_to_fold(uuid) from public;
revoke execute on function fold_changes(uuid, integer) from public;
revoke execute on function note_for_later(uuid, text, uuid[], uuid[], timestamptz[], timestamptz, boolean) from public;
revoke execute on function note_viewers(uuid, uuid[], integer) from public;
revoke execute on function note_takers(uuid, uuid[], integer) from public;
revoke execute on function build_students(uuid, integer) from public;
revoke execute on function clear_gone(uuid, integer) from public;
grant execute on function refresh_portion(uuid, integer, integer) to dashboard_app, dashboard_platform;
grant execute on function build_beside(uuid, integer) to dashboard_app, dashboard_platform;
