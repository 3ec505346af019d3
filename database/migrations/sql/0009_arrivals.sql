-- An enrolment and an upload show at the next request, not within a minute: they leave a mark of their own,
-- which whoever reads the data version looks for. The mark names no key; the others of the same statement do.
alter table stale_marks drop constraint stale_marks_kind_check;
alter table stale_marks add constraint stale_marks_kind_check check (
    kind in (
        'student', 'history', 'video', 'viewers', 'day', 'question', 'session', 'quiz', 'creator', 'everything', 'arrival'
    )
);

create index idx_stale_marks_arrivals on stale_marks (creator_id) where kind = 'arrival';

create function mark_arrivals()
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

revoke execute on function mark_arrivals() from public;

create trigger mark_arrivals
after insert on students
referencing new table as new_rows
for each statement execute function mark_arrivals();

create trigger mark_arrivals
after insert on videos
referencing new table as new_rows
for each statement execute function mark_arrivals();
