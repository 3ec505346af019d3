-- Every write to a source table notes what it touched: one row per statement, creator and kind, with the smallest keys.
--   watched    student, video, quarter of an hour    progress or playback of the pair; NULL instant: no activity moved
--   acted      student, video or NULL, quarter       an activity event
--   asked      student, conversation, quarter        a message; NULL instant: the conversation itself, unless it begins later
--   attempted  student, quiz, quarter                an attempt; NULL instant: how it counts, not when it was
--   answered   attempt                               the answers of an attempt
--   enrolled   student                               an enrolment
--   left       student                               left, came back or was erased: everything of theirs
--   reordered  video                                 another place in the course: how far everybody got
--   placed     student                               how far the student got
--   published  video                                 withdrawn, published, another file, length or curve: all its viewers
--   requizzed  quiz                                  published, withdrawn, another edition of a question: all who took it
--   moved      creator                               another time zone: a new generation
--   arrived    student or video                      enrolled or uploaded: shown at the next request
--   touched    anything                              no figure, but what a page shows beside them
-- Instants are cut to the quarter of an hour, so that a load of many segments names few keys. They are instants and not
-- days: which day they are is decided when they are folded, in the zone of the generation.
-- A trigger reads a transition table into variables and joins it with no table: on a cluster it runs beside a shard, where
-- other joins fail. On a cascade from `creators` the creator is gone, and nothing is noted.

-- One that lies after the clock stays whole: it says when the change is due.
create or replace function quarter_of(instant timestamptz)
returns timestamptz
language sql
stable
parallel safe
as $$
    select
        case
            when instant > dashboard_now() then instant
            else date_bin(interval '15 minutes', instant, timestamptz '2000-01-01 00:00:00+00')
        end;
$$;

-- Append what a statement touched. The arrays are parallel.
create or replace function note_change(
    creator uuid, what text, subjects uuid[], objects uuid[] default '{}', instants timestamptz[] default '{}'
)
returns void
language plpgsql
as $$
begin
    insert into changes (creator_id, kind, subjects, objects, instants) values (creator, what, subjects, objects, instants);
end;
$$;

-- Whether rows may still be noted for the creator; false while the creator is being deleted.
create or replace function is_known_creator(creator uuid)
returns boolean
language plpgsql
stable
as $$
begin
    return exists (select from creators where id = creator);
end;
$$;

-- Whoever loads much notes one rebuild and then no single keys: the rest of the transaction inserts, and notes nothing.
create or replace function note_rebuild(creator uuid)
returns void
language plpgsql
as $$
begin
    perform note_change(creator, 'moved', array[creator]);
    perform set_config('app.rebuilt_creator', creator::text, true);
end;
$$;

-- Whether this transaction's rebuild still waits. A setting alone could lose changes: it would hold after a portion of the
-- same transaction took the note. The application may not read what changed, so its owner does.
create or replace function has_noted_rebuild()
returns boolean
language plpgsql
security definer
set search_path = public, pg_temp
as $$
begin
    return exists (
        select
        from changes
        where
            creator_id = current_creator()
            and kind = 'moved'
            and xmin = pg_current_xact_id()::xid
    );
end;
$$;

-- Whether the rows of a statement need no notes: they are of the creator whose rebuild waits. Whom row level security does
-- not bind may insert others' rows too, and notes everything.
create or replace function is_rebuilt_anyway()
returns boolean
language plpgsql
as $$
begin
    if coalesce(current_setting('app.rebuilt_creator', true), '') = '' then
        return false;
    end if;
    return
        current_setting('app.rebuilt_creator') = current_creator()::text
        and row_security_active('changes')
        and has_noted_rebuild();
end;
$$;

create or replace function note_watch_segments()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    -- An upsert fires the triggers of inserts and of updates, one of them mostly for no row: that costs a beat the most.
    if tg_op <> 'DELETE' then
        if not exists (select from new_rows) then
            return null;
        end if;
    end if;
    if tg_op = 'INSERT' then
        if is_rebuilt_anyway() then
            return null;
        end if;
        for touched in
            select creator_id, array_agg(student_id) as students, array_agg(video_id) as videos, array_agg(instant) as instants
            from (select distinct creator_id, student_id, video_id, quarter_of(watched_at) as instant from new_rows) as keys
            group by creator_id
        loop
            insert into changes (creator_id, kind, subjects, objects, instants)
            values (touched.creator_id, 'watched', touched.students, touched.videos, touched.instants);
        end loop;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        for touched in
            select creator_id, array_agg(student_id) as students, array_agg(video_id) as videos, array_agg(instant) as instants
            from (
                select creator_id, student_id, video_id, quarter_of(watched_at) as instant from new_rows
                union
                select creator_id, student_id, video_id, quarter_of(watched_at) from old_rows
            ) as keys
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'watched', touched.students, touched.videos, touched.instants);
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(student_id) as students, array_agg(video_id) as videos, array_agg(instant) as instants
        from (select distinct creator_id, student_id, video_id, quarter_of(watched_at) as instant from old_rows) as keys
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'watched', touched.students, touched.videos, touched.instants);
        end if;
    end loop;
    return null;
end;
$$;

-- Progress, and what it would overwrite: platforms overwrite last_watched when a student comes back. The activity that
-- stood there is kept as an event, unless playback within 30 minutes of it says the same.
create or replace function note_video_progress()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op <> 'DELETE' then
        if not exists (select from new_rows) then
            return null;
        end if;
    end if;
    if tg_op = 'UPDATE' then
        for touched in
            select
                creator_id,
                array_agg(student_id) as students,
                array_agg(video_id) as videos,
                array_agg(instant) as instants,
                array_agg(replaced) as replaced
            from (
                select distinct
                    new_rows.creator_id,
                    new_rows.student_id,
                    new_rows.video_id,
                    moved.instant,
                    case when moved.instant not in (new_rows.first_watched, new_rows.last_watched) then moved.instant end as replaced
                from new_rows
                join old_rows
                    on
                        old_rows.creator_id = new_rows.creator_id
                        and old_rows.student_id = new_rows.student_id
                        and old_rows.video_id = new_rows.video_id
                cross join lateral (
                    values
                    (case when new_rows.first_watched <> old_rows.first_watched then new_rows.first_watched end),
                    (case when new_rows.first_watched <> old_rows.first_watched then old_rows.first_watched end),
                    (case when new_rows.last_watched <> old_rows.last_watched then new_rows.last_watched end),
                    (case when new_rows.last_watched <> old_rows.last_watched then old_rows.last_watched end),
                    (null)
                ) as moved (instant)
                where
                    moved.instant is not null
                    or (
                        (new_rows.first_watched, new_rows.last_watched) = (old_rows.first_watched, old_rows.last_watched)
                        and (new_rows.watch_duration, new_rows.watch_percentage, new_rows.completed)
                        is distinct from (old_rows.watch_duration, old_rows.watch_percentage, old_rows.completed)
                    )
            ) as keys
            group by creator_id
        loop
            insert into changes (creator_id, kind, subjects, objects, instants)
            values (touched.creator_id, 'watched', touched.students, touched.videos, touched.instants);
            if array_remove(touched.replaced, null) <> '{}' then
                perform keep_replaced_activity(touched.creator_id, touched.students, touched.videos, touched.replaced);
            end if;
        end loop;
        return null;
    end if;
    if tg_op = 'INSERT' then
        if is_rebuilt_anyway() then
            return null;
        end if;
        for touched in
            select creator_id, array_agg(student_id) as students, array_agg(video_id) as videos, array_agg(instant) as instants
            from (
                select creator_id, student_id, video_id, quarter_of(first_watched) as instant from new_rows
                union
                select creator_id, student_id, video_id, quarter_of(last_watched) from new_rows
            ) as keys
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'watched', touched.students, touched.videos, touched.instants);
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(student_id) as students, array_agg(video_id) as videos, array_agg(instant) as instants
        from (
            select creator_id, student_id, video_id, quarter_of(first_watched) as instant from old_rows
            union
            select creator_id, student_id, video_id, quarter_of(last_watched) from old_rows
        ) as keys
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'watched', touched.students, touched.videos, touched.instants);
        end if;
    end loop;
    return null;
end;
$$;

create or replace function keep_replaced_activity(creator uuid, students uuid[], videos uuid[], instants timestamptz[])
returns void
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
    kept record;
begin
    -- The bounds are reckoned first: under row level security only bare columns are looked up by an index.
    with replaced as materialized (
        select
            student_id,
            video_id,
            instant,
            instant - interval '30 minutes' as earliest,
            instant + interval '30 minutes' as latest
        from unnest(students, videos, instants) as named (student_id, video_id, instant)
        where instant is not null
    )

    select
        array_agg(replaced.student_id) as students,
        array_agg(replaced.video_id) as videos,
        array_agg(replaced.instant) as instants
    into kept
    from replaced
    where
        -- In the order of the natural key and without a scan: its index serves, whatever the statistics of a table that grew.
        (
            select watch_segments.watched_at
            from watch_segments
            where
                watch_segments.creator_id = creator
                and watch_segments.student_id = replaced.student_id
                and watch_segments.video_id = replaced.video_id
                and watch_segments.watched_at between replaced.earliest and replaced.latest
            order by watch_segments.watched_at
            limit 1
        ) is null;
    if kept.students is null then
        return;
    end if;
    insert into activity_events (creator_id, student_id, video_id, kind, occurred_at)
    select
        creator,
        replaced.student_id,
        replaced.video_id,
        'watched_before',
        replaced.instant
    from unnest(kept.students, kept.videos, kept.instants) as replaced (student_id, video_id, instant);
end;
$$;

create or replace function note_activity_events()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op <> 'DELETE' then
        if not exists (select from new_rows) then
            return null;
        end if;
    end if;
    if tg_op = 'INSERT' then
        if is_rebuilt_anyway() then
            return null;
        end if;
        for touched in
            select creator_id, array_agg(student_id) as students, array_agg(video_id) as videos, array_agg(instant) as instants
            from (select distinct creator_id, student_id, video_id, quarter_of(occurred_at) as instant from new_rows) as keys
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'acted', touched.students, touched.videos, touched.instants);
        end loop;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        for touched in
            select creator_id, array_agg(student_id) as students, array_agg(video_id) as videos, array_agg(instant) as instants
            from (
                select creator_id, student_id, video_id, quarter_of(occurred_at) as instant from new_rows
                union
                select creator_id, student_id, video_id, quarter_of(occurred_at) from old_rows
            ) as keys
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'acted', touched.students, touched.videos, touched.instants);
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(student_id) as students, array_agg(video_id) as videos, array_agg(instant) as instants
        from (select distinct creator_id, student_id, video_id, quarter_of(occurred_at) as instant from old_rows) as keys
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'acted', touched.students, touched.videos, touched.instants);
        end if;
    end loop;
    return null;
end;
$$;

create or replace function note_chat_sessions()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op = 'INSERT' then
        if is_rebuilt_anyway() then
            return null;
        end if;
        for touched in
            select
                creator_id,
                array_agg(student_id) as students,
                array_agg(id) as sessions,
                array_agg(case when started_at > dashboard_now() then started_at end) as instants
            from new_rows
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'asked', touched.students, touched.sessions, touched.instants);
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(student_id) as students, array_agg(id) as sessions
        from old_rows
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(
                touched.creator_id, 'asked', touched.students, touched.sessions,
                array_fill(null::timestamptz, array[cardinality(touched.students)])
            );
        end if;
    end loop;
    if tg_op = 'UPDATE' then
        for touched in
            select
                creator_id,
                array_agg(student_id) as students,
                array_agg(id) as sessions,
                array_agg(case when started_at > dashboard_now() then started_at end) as instants
            from new_rows
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'asked', touched.students, touched.sessions, touched.instants);
        end loop;
    end if;
    return null;
end;
$$;

create or replace function note_chat_messages()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op <> 'DELETE' then
        if not exists (select from new_rows) then
            return null;
        end if;
    end if;
    if tg_op = 'INSERT' then
        if is_rebuilt_anyway() then
            return null;
        end if;
        for touched in
            select creator_id, array_agg(student_id) as students, array_agg(session_id) as sessions, array_agg(instant) as instants
            from (select distinct creator_id, student_id, session_id, quarter_of(created_at) as instant from new_rows) as keys
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'asked', touched.students, touched.sessions, touched.instants);
        end loop;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        for touched in
            select creator_id, array_agg(student_id) as students, array_agg(session_id) as sessions, array_agg(instant) as instants
            from (
                select creator_id, student_id, session_id, quarter_of(created_at) as instant from new_rows
                union
                select creator_id, student_id, session_id, quarter_of(created_at) from old_rows
            ) as keys
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'asked', touched.students, touched.sessions, touched.instants);
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(student_id) as students, array_agg(session_id) as sessions, array_agg(instant) as instants
        from (select distinct creator_id, student_id, session_id, quarter_of(created_at) as instant from old_rows) as keys
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'asked', touched.students, touched.sessions, touched.instants);
        end if;
    end loop;
    return null;
end;
$$;

create or replace function note_quiz_attempts()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op <> 'DELETE' then
        if not exists (select from new_rows) then
            return null;
        end if;
    end if;
    if tg_op = 'INSERT' then
        if is_rebuilt_anyway() then
            return null;
        end if;
        for touched in
            select creator_id, array_agg(student_id) as students, array_agg(quiz_id) as quizzes, array_agg(instant) as instants
            from (select distinct creator_id, student_id, quiz_id, quarter_of(completed_at) as instant from new_rows) as keys
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'attempted', touched.students, touched.quizzes, touched.instants);
        end loop;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        for touched in
            select creator_id, array_agg(student_id) as students, array_agg(quiz_id) as quizzes, array_agg(instant) as instants
            from (
                select creator_id, student_id, quiz_id, quarter_of(completed_at) as instant from new_rows
                union
                select creator_id, student_id, quiz_id, quarter_of(completed_at) from old_rows
            ) as keys
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'attempted', touched.students, touched.quizzes, touched.instants);
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(student_id) as students, array_agg(quiz_id) as quizzes, array_agg(instant) as instants
        from (select distinct creator_id, student_id, quiz_id, quarter_of(completed_at) as instant from old_rows) as keys
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'attempted', touched.students, touched.quizzes, touched.instants);
        end if;
    end loop;
    return null;
end;
$$;

create or replace function note_quiz_answers()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op <> 'DELETE' then
        if not exists (select from new_rows) then
            return null;
        end if;
    end if;
    if tg_op = 'INSERT' and is_rebuilt_anyway() then
        return null;
    end if;
    if tg_op in ('INSERT', 'UPDATE') then
        for touched in
            select creator_id, array_agg(distinct attempt_id) as attempts
            from new_rows
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'answered', touched.attempts);
        end loop;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        for touched in
            select creator_id, array_agg(distinct attempt_id) as attempts
            from old_rows
            group by creator_id
        loop
            if is_known_creator(touched.creator_id) then
                perform note_change(touched.creator_id, 'answered', touched.attempts);
            end if;
        end loop;
    end if;
    return null;
end;
$$;

create or replace function note_students()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op = 'INSERT' then
        if is_rebuilt_anyway() then
            return null;
        end if;
        for touched in
            select creator_id, array_agg(id) as students
            from new_rows
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'enrolled', touched.students);
            perform note_change(touched.creator_id, 'arrived', touched.students);
        end loop;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        for touched in
            select
                new_rows.creator_id,
                array_agg(new_rows.id) filter (
                    where (new_rows.deleted_at is null) is distinct from (old_rows.deleted_at is null)
                ) as gone_or_back,
                array_agg(new_rows.id) filter (where new_rows.created_at is distinct from old_rows.created_at) as enrolled,
                (array_agg(new_rows.id))[1:1] as anybody
            from new_rows
            left join old_rows on old_rows.creator_id = new_rows.creator_id and old_rows.id = new_rows.id
            group by new_rows.creator_id
        loop
            perform note_change(touched.creator_id, 'touched', touched.anybody);
            if touched.gone_or_back is not null then
                perform note_change(touched.creator_id, 'left', touched.gone_or_back);
            end if;
            if touched.enrolled is not null then
                perform note_change(touched.creator_id, 'enrolled', touched.enrolled);
            end if;
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(id) as students
        from old_rows
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'left', touched.students);
        end if;
    end loop;
    return null;
end;
$$;

create or replace function note_videos()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op = 'INSERT' then
        if is_rebuilt_anyway() then
            return null;
        end if;
        for touched in
            select creator_id, array_agg(id) as videos
            from new_rows
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'arrived', touched.videos);
        end loop;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        for touched in
            select
                new_rows.creator_id,
                array_agg(new_rows.id) filter (
                    where
                        (new_rows.status, new_rows.deleted_at is null, new_rows.duration_seconds)
                        is distinct from (old_rows.status, old_rows.deleted_at is null, old_rows.duration_seconds)
                ) as published,
                array_agg(new_rows.id) filter (
                    where
                        new_rows.status = 'completed'
                        and (new_rows.position, new_rows.created_at) is distinct from (old_rows.position, old_rows.created_at)
                ) as reordered,
                (array_agg(new_rows.id))[1:1] as anything
            from new_rows
            left join old_rows on old_rows.creator_id = new_rows.creator_id and old_rows.id = new_rows.id
            group by new_rows.creator_id
        loop
            perform note_change(touched.creator_id, 'touched', touched.anything);
            if touched.published is not null then
                perform note_change(touched.creator_id, 'published', touched.published);
            end if;
            if touched.reordered is not null then
                perform note_change(touched.creator_id, 'reordered', touched.reordered);
            end if;
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(id) as videos
        from old_rows
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'touched', touched.videos);
        end if;
    end loop;
    return null;
end;
$$;

create or replace function note_retention_points()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op in ('INSERT', 'UPDATE') then
        for touched in
            select creator_id, array_agg(distinct video_id) as videos
            from new_rows
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'published', touched.videos);
        end loop;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        for touched in
            select creator_id, array_agg(distinct video_id) as videos
            from old_rows
            group by creator_id
        loop
            if is_known_creator(touched.creator_id) then
                perform note_change(touched.creator_id, 'published', touched.videos);
            end if;
        end loop;
    end if;
    return null;
end;
$$;

-- An edition that begins later changes the figures when it does.
create or replace function note_video_editions()
returns trigger
language plpgsql
as $$
declare
    touched record;
    moment constant timestamptz := dashboard_now();
begin
    if tg_op in ('INSERT', 'UPDATE') then
        for touched in
            select
                creator_id,
                array_agg(distinct video_id) as videos,
                array_agg(video_id) filter (where began_at > moment) as later_videos,
                array_agg(began_at) filter (where began_at > moment) as later_instants
            from new_rows
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'published', touched.videos);
            if touched.later_videos is not null then
                insert into changes (creator_id, due_at, kind, subjects)
                select
                    touched.creator_id,
                    later.began_at,
                    'published',
                    array[later.video_id]
                from unnest(touched.later_videos, touched.later_instants) as later (video_id, began_at);
            end if;
        end loop;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        for touched in
            select creator_id, array_agg(distinct video_id) as videos
            from old_rows
            group by creator_id
        loop
            if is_known_creator(touched.creator_id) then
                perform note_change(touched.creator_id, 'published', touched.videos);
            end if;
        end loop;
    end if;
    return null;
end;
$$;

create or replace function note_quizzes()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op = 'INSERT' and is_rebuilt_anyway() then
        return null;
    end if;
    if tg_op in ('INSERT', 'UPDATE') then
        for touched in
            select creator_id, array_agg(id) as quizzes
            from new_rows
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'requizzed', touched.quizzes);
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(id) as quizzes
        from old_rows
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'requizzed', touched.quizzes);
        end if;
    end loop;
    return null;
end;
$$;

-- Answers find their edition by themselves, so that only another number of the current one moves what was counted.
create or replace function note_quiz_questions()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op = 'INSERT' then
        for touched in
            select creator_id, array_agg(distinct quiz_id) as quizzes
            from new_rows
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'touched', touched.quizzes[1:1]);
        end loop;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        for touched in
            select
                new_rows.creator_id,
                array_agg(distinct new_rows.quiz_id) filter (where new_rows.edition is distinct from old_rows.edition) as quizzes,
                (array_agg(new_rows.quiz_id))[1:1] as anything
            from new_rows
            left join old_rows on old_rows.creator_id = new_rows.creator_id and old_rows.id = new_rows.id
            group by new_rows.creator_id
        loop
            perform note_change(touched.creator_id, 'touched', touched.anything);
            if touched.quizzes is not null then
                perform note_change(touched.creator_id, 'requizzed', touched.quizzes);
            end if;
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(distinct quiz_id) as quizzes
        from old_rows
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'requizzed', touched.quizzes);
        end if;
    end loop;
    return null;
end;
$$;

create or replace function note_creators()
returns trigger
language plpgsql
as $$
begin
    perform note_change(
        new.id,
        case when tg_op = 'UPDATE' and new.timezone <> old.timezone then 'moved' else 'touched' end,
        array[new.id]
    );
    return null;
end;
$$;

-- The changes of a creator who is deleted go too. They have no foreign key, which would cost every beat a look-up.
create or replace function forget_changes()
returns trigger
language plpgsql
security definer
set search_path = public, pg_temp
as $$
begin
    perform set_config('app.creator_id', old.id::text, true);
    delete from changes where creator_id = old.id;
    perform set_config('app.creator_id', '', true);
    return null;
end;
$$;

create or replace function note_creator_preferences()
returns trigger
language plpgsql
as $$
begin
    if is_known_creator(coalesce(new.creator_id, old.creator_id)) then
        perform note_change(coalesce(new.creator_id, old.creator_id), 'touched', array[coalesce(new.creator_id, old.creator_id)]);
    end if;
    return null;
end;
$$;

-- A transition table belongs to one event, so each table needs three triggers.
create or replace trigger note_insert after insert on students
referencing new table as new_rows for each statement execute function note_students();

create or replace trigger note_update after update on students
referencing old table as old_rows new table as new_rows for each statement execute function note_students();

create or replace trigger note_delete after delete on students
referencing old table as old_rows for each statement execute function note_students();

create or replace trigger note_insert after insert on videos
referencing new table as new_rows for each statement execute function note_videos();

create or replace trigger note_update after update on videos
referencing old table as old_rows new table as new_rows for each statement execute function note_videos();

create or replace trigger note_delete after delete on videos
referencing old table as old_rows for each statement execute function note_videos();

create or replace trigger note_insert after insert on video_progress
referencing new table as new_rows for each statement execute function note_video_progress();

create or replace trigger note_update after update on video_progress
referencing old table as old_rows new table as new_rows for each statement execute function note_video_progress();

create or replace trigger note_delete after delete on video_progress
referencing old table as old_rows for each statement execute function note_video_progress();

create or replace trigger note_insert after insert on watch_segments
referencing new table as new_rows for each statement execute function note_watch_segments();

create or replace trigger note_update after update on watch_segments
referencing old table as old_rows new table as new_rows for each statement execute function note_watch_segments();

create or replace trigger note_delete after delete on watch_segments
referencing old table as old_rows for each statement execute function note_watch_segments();

create or replace trigger note_insert after insert on retention_points
referencing new table as new_rows for each statement execute function note_retention_points();

create or replace trigger note_update after update on retention_points
referencing old table as old_rows new table as new_rows for each statement execute function note_retention_points();

create or replace trigger note_delete after delete on retention_points
referencing old table as old_rows for each statement execute function note_retention_points();

create or replace trigger note_insert after insert on video_editions
referencing new table as new_rows for each statement execute function note_video_editions();

create or replace trigger note_update after update on video_editions
referencing old table as old_rows new table as new_rows for each statement execute function note_video_editions();

create or replace trigger note_delete after delete on video_editions
referencing old table as old_rows for each statement execute function note_video_editions();

create or replace trigger note_insert after insert on activity_events
referencing new table as new_rows for each statement execute function note_activity_events();

create or replace trigger note_update after update on activity_events
referencing old table as old_rows new table as new_rows for each statement execute function note_activity_events();

create or replace trigger note_delete after delete on activity_events
referencing old table as old_rows for each statement execute function note_activity_events();

create or replace trigger note_insert after insert on chat_sessions
referencing new table as new_rows for each statement execute function note_chat_sessions();

create or replace trigger note_update after update on chat_sessions
referencing old table as old_rows new table as new_rows for each statement execute function note_chat_sessions();

create or replace trigger note_delete after delete on chat_sessions
referencing old table as old_rows for each statement execute function note_chat_sessions();

create or replace trigger note_insert after insert on chat_messages
referencing new table as new_rows for each statement execute function note_chat_messages();

create or replace trigger note_update after update on chat_messages
referencing old table as old_rows new table as new_rows for each statement execute function note_chat_messages();

create or replace trigger note_delete after delete on chat_messages
referencing old table as old_rows for each statement execute function note_chat_messages();

create or replace trigger note_insert after insert on quizzes
referencing new table as new_rows for each statement execute function note_quizzes();

create or replace trigger note_update after update on quizzes
referencing old table as old_rows new table as new_rows for each statement execute function note_quizzes();

create or replace trigger note_delete after delete on quizzes
referencing old table as old_rows for each statement execute function note_quizzes();

create or replace trigger note_insert after insert on quiz_questions
referencing new table as new_rows for each statement execute function note_quiz_questions();

create or replace trigger note_update after update on quiz_questions
referencing old table as old_rows new table as new_rows for each statement execute function note_quiz_questions();

create or replace trigger note_delete after delete on quiz_questions
referencing old table as old_rows for each statement execute function note_quiz_questions();

create or replace trigger note_insert after insert on quiz_attempts
referencing new table as new_rows for each statement execute function note_quiz_attempts();

create or replace trigger note_update after update on quiz_attempts
referencing old table as old_rows new table as new_rows for each statement execute function note_quiz_attempts();

create or replace trigger note_delete after delete on quiz_attempts
referencing old table as old_rows for each statement execute function note_quiz_attempts();

create or replace trigger note_insert after insert on quiz_answers
referencing new table as new_rows for each statement execute function note_quiz_answers();

create or replace trigger note_update after update on quiz_answers
referencing old table as old_rows new table as new_rows for each statement execute function note_quiz_answers();

create or replace trigger note_delete after delete on quiz_answers
referencing old table as old_rows for each statement execute function note_quiz_answers();

create or replace trigger note_change after insert or update on creators
for each row execute function note_creators();

create or replace trigger the_last_forgets_changes after delete on creators
for each row execute function forget_changes();

create or replace trigger note_change after insert or update or delete on creator_preferences
for each row execute function note_creator_preferences();

revoke execute on function note_students() from public;
revoke execute on function note_videos() from public;
revoke execute on function note_video_progress() from public;
revoke execute on function note_watch_segments() from public;
revoke execute on function note_retention_points() from public;
revoke execute on function note_video_editions() from public;
revoke execute on function note_activity_events() from public;
revoke execute on function note_chat_sessions() from public;
revoke execute on function note_chat_messages() from public;
revoke execute on function note_quizzes() from public;
revoke execute on function note_quiz_questions() from public;
revoke execute on function note_quiz_attempts() from public;
revoke execute on function note_quiz_answers() from public;
revoke execute on function note_creators() from public;
revoke execute on function forget_changes() from public;
revoke execute on function note_creator_preferences() from public;
revoke execute on function note_change(uuid, text, uuid[], uuid[], timestamptz[]) from public;
revoke execute on function note_rebuild(uuid) from public;
revoke execute on function has_noted_rebuild() from public;
revoke execute on function is_rebuilt_anyway() from public;
revoke execute on function is_known_creator(uuid) from public;
revoke execute on function keep_replaced_activity(uuid, uuid[], uuid[], timestamptz[]) from public;
revoke execute on function quarter_of(timestamptz) from public;
grant execute on function quarter_of(timestamptz) to dashboard_app, dashboard_platform;
grant execute on function note_change(uuid, text, uuid[], uuid[], timestamptz[]) to dashboard_app, dashboard_platform;
grant execute on function note_rebuild(uuid) to dashboard_app;
grant execute on function has_noted_rebuild(), is_rebuilt_anyway() to dashboard_app, dashboard_platform;
grant execute on function is_known_creator(uuid) to dashboard_app, dashboard_platform;
grant execute on function keep_replaced_activity(uuid, uuid[], uuid[], timestamptz[]) to dashboard_app;
