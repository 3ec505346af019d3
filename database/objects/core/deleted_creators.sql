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
