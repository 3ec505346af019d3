-- Marks of who is enrolled where, and until when.

-- A student's enrolment decides where everything they did counts; with only one course and run, it decides whether they still
-- take part. The change shows at the next request.
create or replace function note_enrolled(creator uuid, students uuid[])
returns void
language plpgsql
as $$
begin
    if coalesce(current_setting('app.builds_students', true), '') <> '' and not has_levels(creator) then
        return;
    end if;
    perform note_change(creator, case when has_levels(creator) then 'left' else 'enrolled' end, students);
    perform note_change(creator, 'arrived', students[1:1]);
end;
$$;

create or replace function note_enrolments()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op = 'INSERT' then
        if is_rebuilt_anyway() or coalesce(current_setting('app.enrols_arrivals', true), '') <> '' then
            return null;
        end if;
    end if;
    if tg_op in ('INSERT', 'UPDATE') then
        for touched in
            select creator_id, array_agg(distinct student_id) as students
            from new_rows
            group by creator_id
        loop
            perform note_enrolled(touched.creator_id, touched.students);
        end loop;
        -- A student with an end date in the future counts until then.
        for touched in
            select creator_id, ended_at, array_agg(distinct student_id) as students
            from new_rows
            where ended_at > dashboard_now()
            group by creator_id, ended_at
        loop
            insert into changes (creator_id, due_at, kind, subjects)
            values (touched.creator_id, touched.ended_at, 'left', touched.students);
        end loop;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        for touched in
            select creator_id, array_agg(distinct student_id) as students
            from old_rows
            group by creator_id
        loop
            if not is_known_creator(touched.creator_id) then
                continue;
            end if;
            perform note_enrolled(touched.creator_id, touched.students);
        end loop;
    end if;
    return null;
end;
$$;

create or replace trigger note_insert after insert on enrolments
referencing new table as new_rows for each statement execute function note_enrolments();

create or replace trigger note_update after update on enrolments
referencing old table as old_rows new table as new_rows for each statement execute function note_enrolments();

create or replace trigger note_delete after delete on enrolments
referencing old table as old_rows for each statement execute function note_enrolments();

-- The end of a run, or closing a course, decides who still takes part; that is kept with each student's sums.
create or replace function note_end_of_run()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    for touched in
        select
            new_rows.creator_id,
            array_agg(distinct new_rows.id) filter (where new_rows.ends_at is distinct from old_rows.ends_at) as runs
        from new_rows
        left join old_rows on old_rows.creator_id = new_rows.creator_id and old_rows.id = new_rows.id
        group by new_rows.creator_id
    loop
        perform note_change(touched.creator_id, 'arrived', array[touched.creator_id]);
        perform note_students_of_runs(touched.creator_id, touched.runs);
    end loop;
    return null;
end;
$$;

create or replace trigger note_update after update on course_runs
referencing old table as old_rows new table as new_rows for each statement execute function note_end_of_run();

create or replace function note_end_of_course()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    for touched in
        select
            new_rows.creator_id,
            array_agg(distinct new_rows.id) filter (where new_rows.closed_at is distinct from old_rows.closed_at) as courses
        from new_rows
        left join old_rows on old_rows.creator_id = new_rows.creator_id and old_rows.id = new_rows.id
        group by new_rows.creator_id
    loop
        perform note_change(touched.creator_id, 'arrived', array[touched.creator_id]);
        perform note_students_of_runs(
            touched.creator_id,
            array(select id from course_runs where creator_id = touched.creator_id and course_id = any(touched.courses))
        );
    end loop;
    return null;
end;
$$;

create or replace trigger note_update after update on courses
referencing old table as old_rows new table as new_rows for each statement execute function note_end_of_course();

create or replace function note_students_of_runs(creator uuid, runs uuid[])
returns void
language plpgsql
as $$
declare
    students uuid[];
begin
    students := array(
        select distinct student_id
        from enrolments
        where
            creator_id = creator
            and run_id = any(runs)
    );
    if cardinality(students) > 0 then
        perform note_change(creator, 'enrolled', students);
    end if;
end;
$$;

revoke execute on function note_end_of_run() from public;
revoke execute on function note_end_of_course() from public;
revoke execute on function note_students_of_runs(uuid, uuid[]) from public;
revoke execute on function note_enrolled(uuid, uuid[]) from public;
revoke execute on function note_enrolments() from public;
grant execute on function levels_of(uuid), has_levels(uuid), note_enrolled(uuid, uuid[]), note_students_of_runs(uuid, uuid[])
to dashboard_app;
