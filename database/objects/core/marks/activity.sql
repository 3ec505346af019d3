-- Marks of events and conversations.

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

create or replace trigger note_insert after insert on activity_events
referencing new table as new_rows for each statement execute function note_activity_events();

create or replace trigger note_update after update on activity_events
referencing old table as old_rows new table as new_rows for each statement execute function note_activity_events();

create or replace trigger note_delete after delete on activity_events
referencing old table as old_rows for each statement execute function note_activity_events();

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

create or replace trigger note_insert after insert on chat_sessions
referencing new table as new_rows for each statement execute function note_chat_sessions();

create or replace trigger note_update after update on chat_sessions
referencing old table as old_rows new table as new_rows for each statement execute function note_chat_sessions();

create or replace trigger note_delete after delete on chat_sessions
referencing old table as old_rows for each statement execute function note_chat_sessions();

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

create or replace trigger note_insert after insert on chat_messages
referencing new table as new_rows for each statement execute function note_chat_messages();

create or replace trigger note_update after update on chat_messages
referencing old table as old_rows new table as new_rows for each statement execute function note_chat_messages();

create or replace trigger note_delete after delete on chat_messages
referencing old table as old_rows for each statement execute function note_chat_messages();

revoke execute on function note_activity_events() from public;
revoke execute on function note_chat_sessions() from public;
revoke execute on function note_chat_messages() from public;
