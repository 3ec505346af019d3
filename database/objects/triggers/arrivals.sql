-- An enrolment or an upload leaves a mark that whoever reads the data version looks for.
create or replace function mark_arrivals()
returns trigger
language plpgsql
as $$
begin
    insert into stale_marks (creator_id, kind, key)
    select distinct
        creator_id,
        'arrival',
        tg_table_name
    from new_rows;
    return null;
end;
$$;

create or replace trigger mark_arrivals
after insert on students
referencing new table as new_rows
for each statement execute function mark_arrivals();

create or replace trigger mark_arrivals
after insert on videos
referencing new table as new_rows
for each statement execute function mark_arrivals();

revoke execute on function mark_arrivals() from public;
