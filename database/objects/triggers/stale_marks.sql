-- Every write to a source table notes what it touched. The refresh recomputes only that.
--   student, video, day, question   the key itself changed
--   history   a student left or returned: the days, videos and questions of their whole history
--   viewers   a video was published or withdrawn, or has another curve: the progress of its viewers
--   session   a conversation changed: which of its questions are answered, and how they are rated
-- The last three name other rows' keys. The refresh looks those rows up: what another transaction
-- commits between this statement and the end of its own transaction would be missed here.

-- Append one mark per distinct key that the statement changed. Each argument is "kind=column".
-- For the kinds "day" and "instant" the column is a time, and the key is its day in the creator's
-- zone, with the zone: it may be another one when the mark is read. "instant" looks only at
-- whether that time itself changed, "viewers" only at what viewers' progress depends on.
create or replace function mark_stale()
returns trigger
language plpgsql
as $$
declare
    kind text;
    column_name text;
    compared text;
    changed text;
begin
    for place in 0 .. tg_nargs - 1 loop
        kind := split_part(tg_argv[place], '=', 1);
        column_name := split_part(tg_argv[place], '=', 2);
        compared := case
            when kind = 'instant' then format('creator_id, student_id, video_id, %I', column_name)
            when kind = 'viewers' and tg_table_name = 'videos' then 'creator_id, id, status, deleted_at'
            else '*'
        end;
        changed := case tg_op
            when 'INSERT' then 'select * from new_rows'
            when 'DELETE' then 'select * from old_rows'
            else format(
                '(select %1$s from new_rows except select %1$s from old_rows) union all (select %1$s from old_rows except select %1$s from new_rows)',
                compared
            )
        end;
        execute format(
            $statement$
                insert into stale_marks (creator_id, kind, key)
                select distinct changed.creator_id, %1$L, %2$s
                from (%3$s) as changed
                join creators on creators.id = changed.creator_id
                where changed.%4$I is not null
            $statement$,
            case kind when 'instant' then 'day' else kind end,
            case
                when kind in ('day', 'instant')
                    then format('(changed.%I at time zone creators.timezone)::date || %L || creators.timezone', column_name, ' ')
                else format('changed.%I::text', column_name)
            end,
            changed,
            column_name
        );
    end loop;
    return null;
end;
$$;

-- A transition table belongs to one event, so each table needs three triggers.
create or replace procedure watch_table(watched regclass, variadic marks text[])
language plpgsql
as $$
declare
    marks_listed constant text := (
        select string_agg(quote_literal(mark), ', ' order by place)
        from unnest(marks) with ordinality as marked (mark, place)
    );
    event record;
begin
    for event in
        select *
        from (
            values
            ('insert', 'new table as new_rows'),
            ('update', 'old table as old_rows new table as new_rows'),
            ('delete', 'old table as old_rows')
        ) as events (name, transition_tables)
    loop
        execute format(
            'create or replace trigger mark_stale_%1$s after %1$s on %2$s referencing %3$s for each statement execute function mark_stale(%4$s)',
            event.name, watched, event.transition_tables, marks_listed
        );
    end loop;
end;
$$;

call watch_table('students', 'student=id');
call watch_table('videos', 'video=id', 'viewers=id');
call watch_table('video_progress', 'student=student_id', 'video=video_id', 'instant=first_watched', 'instant=last_watched');
call watch_table('watch_segments', 'student=student_id', 'video=video_id', 'day=watched_at');
call watch_table('retention_points', 'video=video_id', 'viewers=video_id');
call watch_table('activity_events', 'student=student_id', 'day=occurred_at');
call watch_table('chat_sessions', 'student=student_id');
call watch_table('chat_messages', 'student=student_id', 'question=question_key', 'session=session_id', 'day=created_at');
call watch_table('quizzes', 'quiz=id');
call watch_table('quiz_questions', 'quiz=quiz_id');
call watch_table('quiz_attempts', 'student=student_id', 'quiz=quiz_id', 'day=completed_at');
call watch_table('quiz_answers', 'quiz=question_id');
call watch_table('creator_preferences', 'creator=creator_id');
drop procedure watch_table;

-- A student who leaves or returns.
create or replace function mark_stale_history()
returns trigger
language plpgsql
as $$
begin
    insert into stale_marks (creator_id, kind, key)
    select
        new_rows.creator_id,
        'history',
        new_rows.id::text
    from new_rows
    join old_rows
        on old_rows.creator_id = new_rows.creator_id
        and old_rows.id = new_rows.id
    where (new_rows.deleted_at is null) <> (old_rows.deleted_at is null);
    return null;
end;
$$;

create or replace trigger mark_stale_history
after update on students
referencing old table as old_rows new table as new_rows
for each statement execute function mark_stale_history();

-- A new zone moves every sign of life to other days and hours.
create or replace function mark_stale_creators()
returns trigger
language plpgsql
as $$
begin
    insert into stale_marks (creator_id, kind, key)
    values (new.id, case when tg_op = 'UPDATE' and new.timezone <> old.timezone then 'everything' else 'creator' end, new.id::text);
    return null;
end;
$$;

create or replace trigger mark_stale
after insert or update on creators
for each row execute function mark_stale_creators();

revoke execute on function mark_stale() from public;
revoke execute on function mark_stale_history() from public;
revoke execute on function mark_stale_creators() from public;
