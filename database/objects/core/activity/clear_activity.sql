-- Clears the activity rows of a generation that nobody sees any more.

-- Delete rows of a generation that nobody sees, at most `most_rows` from each relation. Returns how many were deleted.
create or replace function clear_activity(creator uuid, old_generation integer, most_rows integer)
returns integer
language plpgsql
as $$
declare
    cleared integer := 0;
    deleted integer;
begin
    delete from student_days
    where ctid = any(array(select ctid from student_days where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from visits
    where ctid = any(array(select ctid from visits where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from day_hours
    where ctid = any(array(select ctid from day_hours where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from day_gaps
    where ctid = any(array(select ctid from day_gaps where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    return cleared + deleted;
end;
$$;

revoke execute on function clear_activity(uuid, integer, integer) from public;
