-- Marks of a creator's time zone, name and choices.

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

create or replace trigger note_change after insert or update on creators
for each row execute function note_creators();

-- Deleting a creator deletes the creator's changes too. They have no foreign key, which would cost every beat a look-up.
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

create or replace trigger the_last_forgets_changes after delete on creators
for each row execute function forget_changes();

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

create or replace trigger note_change after insert or update or delete on creator_preferences
for each row execute function note_creator_preferences();

revoke execute on function note_creators() from public;
revoke execute on function forget_changes() from public;
revoke execute on function note_creator_preferences() from public;
