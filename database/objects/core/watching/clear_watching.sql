-- Clears the watching rows of a generation that nobody sees any more.

-- Delete rows of a generation that nobody sees, at most `most_rows` from each relation. Returns how many were deleted.
create or replace function clear_watching(creator uuid, old_generation integer, most_rows integer)
returns integer
language plpgsql
as $$
declare
    cleared integer := 0;
    deleted integer;
begin
    delete from watched_videos
    where ctid = any(array(select ctid from watched_videos where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from views
    where ctid = any(array(select ctid from views where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from video_totals
    where ctid = any(array(select ctid from video_totals where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from video_seconds
    where ctid = any(array(select ctid from video_seconds where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    return cleared + deleted;
end;
$$;

revoke execute on function clear_watching(uuid, integer, integer) from public;
