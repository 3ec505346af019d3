-- However the choice is changed, the next due instant has to be recalculated.
create or replace function note_digest_choice()
returns trigger
language plpgsql
as $$
begin
    insert into mail_schedules (creator_id)
    values (new.creator_id)
    on conflict (creator_id) do update set timezone = null;
    return null;
end;
$$;

create or replace trigger digest_choice_noted
after insert or update of notification_settings on creator_preferences
for each row execute function note_digest_choice();

revoke execute on function note_digest_choice() from public;
grant execute on function note_digest_choice() to dashboard_app;
