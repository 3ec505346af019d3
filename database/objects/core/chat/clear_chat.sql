-- Clears the conversation rows of a generation that nobody sees any more.

create or replace function clear_chat(creator uuid, old_generation integer, most_rows integer)
returns integer
language plpgsql
as $$
declare
    cleared integer := 0;
    deleted integer;
begin
    delete from asked_questions
    where ctid = any(array(select ctid from asked_questions where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from conversations
    where ctid = any(array(select ctid from conversations where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from question_totals
    where ctid = any(array(select ctid from question_totals where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from question_askers
    where ctid = any(array(select ctid from question_askers where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from question_wordings
    where ctid = any(array(select ctid from question_wordings where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    return cleared + deleted;
end;
$$;

revoke execute on function clear_chat(uuid, integer, integer) from public;
