-- Changes cut into slices, and those that a portion writes itself.

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

-- Parallel arrays, cut into pieces of `most_keys` elements. Read only once: slicing a long array by position would copy all of
-- it for every slice. An empty array stays empty.
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

-- What lies after the clock counts nowhere until then: its key is folded again when it is due, and queues after everything that
-- is older.
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

revoke execute on function note_in_slices(uuid, text, uuid[], uuid[], timestamptz[], integer) from public;
revoke execute on function slices_of(uuid[], uuid[], timestamptz[], integer) from public;
revoke execute on function cut_large_changes(uuid, integer) from public;
revoke execute on function note_for_later(uuid, text, uuid[], uuid[], timestamptz[], timestamptz, boolean) from public;
revoke execute on function note_viewers(uuid, uuid[], integer) from public;
revoke execute on function note_takers(uuid, uuid[], integer) from public;
