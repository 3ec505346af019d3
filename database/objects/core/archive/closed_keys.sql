-- An archived conversation is closed, and so is the day of a student whose events are archived: a row that arrives late is
-- refused with SQLSTATE AR001, and the message says why and what to do. A row that is archived already is not late but
-- repeated, as when an export is loaded again, and changes nothing.

create or replace function refuse_late_row(what text)
returns void
language plpgsql
as $$
begin
    raise exception '%', what || ' Nothing was saved. Restore the archive under Settings or with "manage.py archive restore", then send it again.'
        using errcode = 'AR001';
end;
$$;

create or replace function keep_chat_sessions_closed()
returns trigger
language plpgsql
as $$
declare
    closed closed_chat_sessions;
begin
    select * into closed
    from closed_chat_sessions
    where
        creator_id = new.creator_id
        and id = new.id;
    if not found then
        return new;
    end if;
    if (closed.student_id, closed.started_at) = (new.student_id, new.started_at) then
        return null;
    end if;
    perform refuse_late_row(format('Conversation %s is archived, and cannot be changed.', new.id));
    return null;
end;
$$;

-- The lock makes it wait for an archive that is just closing the conversation.
create or replace function keep_chat_messages_closed()
returns trigger
language plpgsql
as $$
declare
    repeated closed_chat_messages;
begin
    perform 1
    from chat_sessions
    where
        creator_id = new.creator_id
        and id = new.session_id
    for key share;
    if found then
        return new;
    end if;
    if not exists (select from closed_chat_sessions where creator_id = new.creator_id and id = new.session_id) then
        return new; -- a foreign key refuses it
    end if;
    select * into repeated
    from closed_chat_messages
    where
        creator_id = new.creator_id
        and session_id = new.session_id
        and id = new.id;
    if
        (repeated.student_id, repeated.role, repeated.created_at) = (new.student_id, new.role, new.created_at)
        and (repeated.video_id, repeated.helpful_rating) is not distinct from (new.video_id, new.helpful_rating)
        and (new.role = 'assistant' or repeated.content = new.content)
    then
        return null;
    end if;
    perform refuse_late_row(
        format('Conversation %s is archived: its message of %s arrived too late.', new.session_id, (new.created_at at time zone 'UTC')::date)
    );
    return null;
end;
$$;

-- What a portion keeps of replaced progress is no late event.
create or replace function keep_events_closed()
returns trigger
language plpgsql
as $$
declare
    day_told constant date := (new.occurred_at at time zone 'UTC')::date;
    day_began constant timestamptz := day_told::timestamp at time zone 'UTC';
    day_ended constant timestamptz := day_began + interval '1 day';
begin
    if not exists (
        select
        from closed_events
        cross join lateral unnest(instants) as events (occurred_at)
        where
            closed_events.creator_id = new.creator_id
            and closed_events.student_id = new.student_id
            and closed_events.last_at >= day_began
            and closed_events.first_at < day_ended
            and events.occurred_at >= day_began
            and events.occurred_at < day_ended
    ) then
        return new;
    end if;
    if tg_op = 'INSERT' and exists (
        select
        from closed_events
        where
            creator_id = new.creator_id
            and student_id = new.student_id
            and last_at >= day_began
            and video_id is not distinct from new.video_id
            and new.id = any(event_ids)
            and new.occurred_at = any(instants)
    ) then
        return null;
    end if;
    perform refuse_late_row(
        format('The activity log of student %s is archived for %s: an event of that day arrived too late.', new.student_id, day_told)
    );
    return null;
end;
$$;

-- Before the trigger that gives a message its place: triggers fire in the order of their names.
create or replace trigger keep_closed before insert on chat_sessions
for each row execute function keep_chat_sessions_closed();

create or replace trigger keep_closed before insert on chat_messages
for each row execute function keep_chat_messages_closed();

create or replace trigger keep_closed before insert or update of student_id, occurred_at on activity_events
for each row when (new.kind <> 'watched_before') execute function keep_events_closed();

-- What is deleted of a student or a video takes closed rows along, and is noted as it is for the rows that are there.
create or replace function note_closed_events()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    for touched in
        select
            creator_id,
            array_agg(student_id) as students,
            array_agg(video_id) as videos,
            array_agg(instant) as instants
        from (
            select distinct
                old_rows.creator_id,
                old_rows.student_id,
                old_rows.video_id,
                quarter_of(events.occurred_at) as instant
            from old_rows
            cross join lateral unnest(old_rows.instants) as events (occurred_at)
        ) as keys
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'acted', touched.students, touched.videos, touched.instants);
        end if;
    end loop;
    return null;
end;
$$;

create or replace trigger note_delete after delete on closed_events
referencing old table as old_rows for each statement execute function note_closed_events();

create or replace trigger note_delete after delete on closed_chat_sessions
referencing old table as old_rows for each statement execute function note_chat_sessions();

create or replace trigger note_delete after delete on closed_chat_messages
referencing old table as old_rows for each statement execute function note_chat_messages();

revoke execute on function refuse_late_row(text) from public;
revoke execute on function keep_chat_sessions_closed() from public;
revoke execute on function keep_chat_messages_closed() from public;
revoke execute on function keep_events_closed() from public;
revoke execute on function note_closed_events() from public;
grant execute on function refuse_late_row(text) to dashboard_app, dashboard_platform;
