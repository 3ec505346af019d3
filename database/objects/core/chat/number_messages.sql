-- The place of each message in its conversation.

-- A message whose writer does not give its place comes last in its conversation. The lock makes writers to the same
-- conversation take turns, so that no two of them take the same place.
create or replace function number_chat_message()
returns trigger
language plpgsql
as $$
begin
    perform 1 from chat_sessions where creator_id = new.creator_id and id = new.session_id for no key update;
    new.sequence := 1 + coalesce(
        (select max(sequence) from chat_messages where creator_id = new.creator_id and session_id = new.session_id), 0
    );
    return new;
end;
$$;

create or replace trigger number_message before insert on chat_messages
for each row when (new.sequence is null) execute function number_chat_message();

create or replace trigger number_moved_message before update of session_id on chat_messages
for each row when (new.session_id <> old.session_id and new.sequence = old.sequence) execute function number_chat_message();

revoke execute on function number_chat_message() from public;
