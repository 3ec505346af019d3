-- Deleting a creator deletes the creator's folds and sums. They have no foreign key, which would look the creator up again for
-- every row that a rebuild writes. The lock lets a running portion finish first and keeps another one from starting.
create or replace function forget_folds()
returns trigger
language plpgsql
security definer
set search_path = public, pg_temp
as $$
declare
    caller constant text := current_setting('app.creator_id', true);
    every_row constant integer := 2147483647;
    generations integer[];
    forgotten integer;
begin
    perform pg_advisory_xact_lock(hashtextextended('refresh ' || old.id::text, 0));
    perform set_config('app.creator_id', old.id::text, true);
    generations := array(select generation from creator_generations where creator_id = old.id order by generation);
    foreach forgotten in array generations loop
        perform clear_totals(old.id, forgotten, every_row);
        perform clear_watching(old.id, forgotten, every_row);
        perform clear_activity(old.id, forgotten, every_row);
        perform clear_chat(old.id, forgotten, every_row);
        perform clear_quizzes(old.id, forgotten, every_row);
    end loop;
    perform set_config('app.creator_id', coalesce(caller, ''), true);
    return old;
end;
$$;

create or replace trigger forget_folds before delete on creators
for each row execute function forget_folds();

revoke execute on function forget_folds() from public;

-- Before a large creator is deleted: drop the figures, at most `most_rows` rows of each relation at a time, so that no
-- transaction lasts. Returns 1 as long as there may be more. Only for creators whose sources are gone.
create or replace function clear_figures(creator uuid, most_rows integer)
returns integer
language plpgsql
security definer
set search_path = public, pg_temp
as $$
declare
    caller constant text := current_setting('app.creator_id', true);
    cleared integer;
begin
    perform pg_advisory_xact_lock(hashtextextended('refresh ' || creator::text, 0));
    perform set_config('app.creator_id', creator::text, true);
    delete from changes where creator_id = creator;
    delete from building_ranges where creator_id = creator;
    update creator_generations set state = 'gone' where creator_id = creator and state <> 'gone';
    cleared := clear_gone(creator, most_rows);
    perform set_config('app.creator_id', coalesce(caller, ''), true);
    return cleared;
end;
$$;

revoke execute on function clear_figures(uuid, integer) from public;
grant execute on function clear_figures(uuid, integer) to dashboard_platform;
