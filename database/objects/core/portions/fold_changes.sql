-- From the oldest changes to the keys that they name.

-- Take the oldest changes and fold the keys that they name. Returns the number of keys.
create or replace function fold_changes(creator uuid, most_keys integer)
returns integer
language plpgsql
as $$
declare
    moment constant timestamptz := dashboard_now();
    -- A fixed clock may be in the middle of a quarter of an hour, so a later instant of that quarter may still be waiting.
    is_fixed constant boolean := coalesce(current_setting('app.now', true), '') <> '';
    found record;
    live record;
    kept record;
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
    viewers uuid[];
    videos_viewed uuid[];
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

        -- A player's beat names its key twice, and a student who keeps watching names the same keys again, so the limit is on
        -- how many distinct keys are folded. A later change that names no other keys is taken along.
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
                    oldest.keys / cardinality(oldest.subjects) as keys, -- a student who left counts as a hundred
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
                null; -- arrived, touched: the new version is enough
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
    -- A key without an instant means that no activity moved.
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
    select
        coalesce(array_agg(student_id), '{}'),
        coalesce(array_agg(video_id), '{}')
    into viewers, videos_viewed
    from unnest(active_students, active_videos) as named (student_id, video_id)
    where video_id is not null;
    perform enrol_active_of_keys(
        creator, watched_students || viewers, watched_videos || videos_viewed, taking_students, quizzes_taken, asking_students, sessions
    );
    -- A creator's first change.
    if not exists (select from creator_generations where creator_generations.creator_id = creator) then
        kept := levels_of(creator);
        insert into creator_generations (creator_id, generation, timezone, state, courses, runs)
        select
            creators.id,
            1,
            creators.timezone,
            'shown',
            kept.courses,
            kept.runs
        from creators
        where creators.id = creator;
    end if;
    for live in
        select generation
        from creator_generations
        where
            creator_id = creator
            and state in ('shown', 'building')
        order by generation
    loop
        perform fold_keys(
            creator,
            live.generation,
            enrolled,
            watched_students,
            watched_videos,
            watched_instants,
            placed,
            active_students,
            active_videos,
            active_instants,
            asking_students,
            sessions,
            taking_students,
            quizzes_taken,
            lost_or_back
        );
    end loop;
    return taken;
end;
$$;

revoke execute on function fold_changes(uuid, integer) from public;
