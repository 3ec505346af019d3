-- Every write to a source table notes what it touched: one row per statement, creator and kind, with the smallest keys.
--   watched    student, video, quarter of an hour    progress or playback of the pair; NULL instant: no activity moved
--   acted      student, video or NULL, quarter       an activity event
--   asked      student, conversation, quarter        a message; NULL instant: the conversation itself, unless it begins later
--   attempted  student, quiz, quarter                an attempt; NULL instant: only how it counts changed, not when it was
--   answered   attempt                               the answers of an attempt
--   enrolled   student                               an enrolment
--   left       student                               left, came back or was erased: everything of the student
--   reordered  video                                 a different place in the course: how far everybody got
--   placed     student                               how far the student got
--   published  video                                 unpublished, published, different file, length or curve: all its viewers
--   requizzed  quiz                                  published, unpublished, new edition of a question: all who took it
--   moved      creator                               a different time zone: a new generation
--   arrived    student or video                      enrolled or uploaded: shown at the next request
--   touched    anything                              no figure, but something a page shows next to them
-- Instants are cut to the quarter of an hour, so that a load of many segments names few keys. They are instants rather than
-- days: which day they fall on is decided when they are folded, in the time zone of the generation.
-- A trigger reads a transition table into variables and never joins it with a table: on a cluster it runs next to a shard,
-- where other joins fail. On a cascade from `creators` the creator is already gone, and nothing is noted.

-- An instant after the clock stays whole: it says when the change is due.
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

-- A large load notes one rebuild and no single keys: what the rest of the transaction inserts is not noted.
create or replace function note_rebuild(creator uuid)
returns void
language plpgsql
as $$
begin
    perform note_change(creator, 'moved', array[creator]);
    perform set_config('app.rebuilt_creator', creator::text, true);
end;
$$;

-- Whether this transaction's rebuild is still waiting. A setting alone could lose changes: it would outlive a portion of the
-- same transaction that took the note. The application may not read what changed, so this runs as the owner.
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

-- Whether the rows of a statement need no notes because they belong to the creator whose rebuild is waiting. A role that row
-- level security does not bind may insert rows of other creators too, so it notes everything.
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

revoke execute on function note_change(uuid, text, uuid[], uuid[], timestamptz[]) from public;
revoke execute on function note_rebuild(uuid) from public;
revoke execute on function has_noted_rebuild() from public;
revoke execute on function is_rebuilt_anyway() from public;
revoke execute on function is_known_creator(uuid) from public;
revoke execute on function quarter_of(timestamptz) from public;
grant execute on function quarter_of(timestamptz) to dashboard_app, dashboard_platform;
grant execute on function note_change(uuid, text, uuid[], uuid[], timestamptz[]) to dashboard_app, dashboard_platform;
grant execute on function note_rebuild(uuid) to dashboard_app;
grant execute on function has_noted_rebuild(), is_rebuilt_anyway() to dashboard_app, dashboard_platform;
grant execute on function is_known_creator(uuid) to dashboard_app, dashboard_platform;
