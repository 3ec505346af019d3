-- Which keys of a portion are folded at which level.

-- The keys of a portion, level by level, in the order of the levels. A key that names a video or a quiz belongs to its course
-- alone: a move to another course begins a generation. A conversation is folded as a whole, and an answer to one student may
-- stand next to another's question, so a conversation is folded wherever one of its writers is enrolled.
create or replace function keys_at_levels(
    creator uuid,
    read_generation integer,
    students_enrolled uuid[],
    students_watching uuid[],
    videos_named uuid[],
    instants_watched timestamptz[],
    students_placed uuid[],
    students_active uuid[],
    videos_acted_on uuid[],
    instants_active timestamptz[],
    students_asking uuid[],
    sessions_named uuid[],
    students_taking uuid[],
    quizzes_named uuid[],
    students_left uuid[]
)
returns table (
    course integer,
    run integer,
    enrolled uuid[],
    watched_students uuid[],
    watched_videos uuid[],
    watched_instants timestamptz[],
    placed uuid[],
    active_students uuid[],
    active_videos uuid[],
    active_instants timestamptz[],
    asking_students uuid[],
    sessions uuid[],
    taking_students uuid[],
    quizzes_taken uuid[]
)
language plpgsql
-- As in levels_of_students.
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
set enable_mergejoin = off
set enable_seqscan = off
set jit = off
as $$
declare
    people_asking uuid[] := '{}';
    questions_of uuid[] := '{}';
    sessions_asked uuid[] := '{}';
    found record;
begin
    return query select
        0,
        0,
        students_enrolled,
        students_watching,
        videos_named,
        instants_watched,
        students_placed,
        students_active,
        videos_acted_on,
        instants_active,
        students_asking,
        sessions_named,
        students_taking,
        quizzes_named;
    if (select cardinality(kept.courses) from creator_generations as kept where kept.creator_id = creator and kept.generation = read_generation) = 1 then
        return;
    end if;
    select
        coalesce(array_agg(people.person), '{}'),
        coalesce(array_agg(people.student_id), '{}'),
        coalesce(array_agg(people.session_id), '{}')
    into people_asking, questions_of, sessions_asked
    from (
        select
            named.student_id as person,
            named.student_id,
            named.session_id
        from unnest(students_asking, sessions_named) as named (student_id, session_id)
        union
        select
            writers.student_id,
            named.student_id,
            named.session_id
        from unnest(students_asking, sessions_named) as named (student_id, session_id)
        cross join lateral (
            select known.student_id
            from every_chat_message as known
            where
                known.creator_id = creator
                and known.session_id = named.session_id
            offset 0
        ) as writers
    ) as people;
    found := levels_of_students(
        creator,
        read_generation,
        array(
            select distinct named.student_id
            from unnest(
                students_enrolled || students_watching || students_placed || students_active || people_asking || students_taking
            ) as named (student_id)
        ),
        students_left
    );
    return query
    with objects as materialized (
        select
            'video' as what,
            named.object_id,
            of_course.number
        from (
            select listed.object_id
            from unnest(videos_named || videos_acted_on) as listed (object_id)
            group by listed.object_id
        ) as named
        cross join lateral (
            select known.course_id
            from videos as known
            where
                known.creator_id = creator
                and known.id = named.object_id
            offset 0
        ) as told
        cross join lateral (
            select known.number
            from courses as known
            where
                known.creator_id = creator
                and known.id between told.course_id and told.course_id
            order by known.id
            limit 1
        ) as of_course
        union all
        select
            'quiz',
            named.object_id,
            of_course.number
        from (
            select listed.object_id
            from unnest(quizzes_named) as listed (object_id)
            group by listed.object_id
        ) as named
        cross join lateral (
            select known.course_id
            from quizzes as known
            where
                known.creator_id = creator
                and known.id = named.object_id
            offset 0
        ) as told
        cross join lateral (
            select known.number
            from courses as known
            where
                known.creator_id = creator
                and known.id between told.course_id and told.course_id
            order by known.id
            limit 1
        ) as of_course
    ),

    keys as materialized (
        select
            'enrolled' as kind,
            named.student_id as person, -- the student whose levels count
            named.student_id,
            null as what,
            null::uuid as object_id,
            null::timestamptz as instant
        from unnest(students_enrolled) as named (student_id)
        union all
        select
            'watched',
            named.student_id,
            named.student_id,
            'video',
            named.object_id,
            named.instant
        from unnest(students_watching, videos_named, instants_watched) as named (student_id, object_id, instant)
        union all
        select
            'placed',
            named.student_id,
            named.student_id,
            null,
            null,
            null
        from unnest(students_placed) as named (student_id)
        union all
        select
            'acted',
            named.student_id,
            named.student_id,
            'video',
            named.object_id,
            named.instant
        from unnest(students_active, videos_acted_on, instants_active) as named (student_id, object_id, instant)
        union all
        select
            'asked',
            named.person,
            named.student_id,
            null,
            named.object_id,
            null
        from unnest(people_asking, questions_of, sessions_asked) as named (person, student_id, object_id)
        union all
        select
            'attempted',
            named.student_id,
            named.student_id,
            'quiz',
            named.object_id,
            null
        from unnest(students_taking, quizzes_named) as named (student_id, object_id)
    )

    select
        levels.course,
        levels.run,
        coalesce(array_agg(keys.student_id) filter (where keys.kind = 'enrolled'), '{}'),
        coalesce(array_agg(keys.student_id) filter (where keys.kind = 'watched'), '{}'),
        coalesce(array_agg(keys.object_id) filter (where keys.kind = 'watched'), '{}'),
        coalesce(array_agg(keys.instant) filter (where keys.kind = 'watched'), '{}'),
        coalesce(array_agg(keys.student_id) filter (where keys.kind = 'placed'), '{}'),
        coalesce(array_agg(keys.student_id) filter (where keys.kind = 'acted'), '{}'),
        coalesce(array_agg(keys.object_id) filter (where keys.kind = 'acted'), '{}'),
        coalesce(array_agg(keys.instant) filter (where keys.kind = 'acted'), '{}'),
        coalesce(array_agg(keys.student_id) filter (where keys.kind = 'asked'), '{}'),
        coalesce(array_agg(keys.object_id) filter (where keys.kind = 'asked'), '{}'),
        coalesce(array_agg(keys.student_id) filter (where keys.kind = 'attempted'), '{}'),
        coalesce(array_agg(keys.object_id) filter (where keys.kind = 'attempted'), '{}')
    from unnest(found.courses, found.runs, found.students) as levels (course, run, student_id)
    join keys on keys.person = levels.student_id
    left join objects
        on
            objects.what = keys.what
            and objects.object_id = keys.object_id
    where coalesce(objects.number, levels.course) = levels.course
    group by
        levels.course,
        levels.run
    order by
        levels.course,
        levels.run;
end;
$$;

revoke execute on function keys_at_levels(
    uuid, integer, uuid[], uuid[], uuid[], timestamptz[], uuid[], uuid[], uuid[], timestamptz[], uuid[], uuid[], uuid[], uuid[], uuid[]
) from public;
