-- Marks of attempts at quizzes, and of quizzes and their questions.

create or replace function note_quiz_attempts()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op <> 'DELETE' then
        if not exists (select from new_rows) then
            return null;
        end if;
    end if;
    if tg_op = 'INSERT' then
        if is_rebuilt_anyway() then
            return null;
        end if;
        for touched in
            select creator_id, array_agg(student_id) as students, array_agg(quiz_id) as quizzes, array_agg(instant) as instants
            from (select distinct creator_id, student_id, quiz_id, quarter_of(completed_at) as instant from new_rows) as keys
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'attempted', touched.students, touched.quizzes, touched.instants);
        end loop;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        for touched in
            select creator_id, array_agg(student_id) as students, array_agg(quiz_id) as quizzes, array_agg(instant) as instants
            from (
                select creator_id, student_id, quiz_id, quarter_of(completed_at) as instant from new_rows
                union
                select creator_id, student_id, quiz_id, quarter_of(completed_at) from old_rows
            ) as keys
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'attempted', touched.students, touched.quizzes, touched.instants);
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(student_id) as students, array_agg(quiz_id) as quizzes, array_agg(instant) as instants
        from (select distinct creator_id, student_id, quiz_id, quarter_of(completed_at) as instant from old_rows) as keys
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'attempted', touched.students, touched.quizzes, touched.instants);
        end if;
    end loop;
    return null;
end;
$$;

create or replace trigger note_insert after insert on quiz_attempts
referencing new table as new_rows for each statement execute function note_quiz_attempts();

create or replace trigger note_update after update on quiz_attempts
referencing old table as old_rows new table as new_rows for each statement execute function note_quiz_attempts();

create or replace trigger note_delete after delete on quiz_attempts
referencing old table as old_rows for each statement execute function note_quiz_attempts();

create or replace function note_quiz_answers()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op <> 'DELETE' then
        if not exists (select from new_rows) then
            return null;
        end if;
    end if;
    if tg_op = 'INSERT' and is_rebuilt_anyway() then
        return null;
    end if;
    if tg_op in ('INSERT', 'UPDATE') then
        for touched in
            select creator_id, array_agg(distinct attempt_id) as attempts
            from new_rows
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'answered', touched.attempts);
        end loop;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        for touched in
            select creator_id, array_agg(distinct attempt_id) as attempts
            from old_rows
            group by creator_id
        loop
            if is_known_creator(touched.creator_id) then
                perform note_change(touched.creator_id, 'answered', touched.attempts);
            end if;
        end loop;
    end if;
    return null;
end;
$$;

create or replace trigger note_insert after insert on quiz_answers
referencing new table as new_rows for each statement execute function note_quiz_answers();

create or replace trigger note_update after update on quiz_answers
referencing old table as old_rows new table as new_rows for each statement execute function note_quiz_answers();

create or replace trigger note_delete after delete on quiz_answers
referencing old table as old_rows for each statement execute function note_quiz_answers();

create or replace function note_quizzes()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op = 'INSERT' and is_rebuilt_anyway() then
        return null;
    end if;
    if tg_op in ('INSERT', 'UPDATE') then
        for touched in
            select creator_id, array_agg(id) as quizzes
            from new_rows
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'requizzed', touched.quizzes);
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(id) as quizzes
        from old_rows
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'requizzed', touched.quizzes);
        end if;
    end loop;
    return null;
end;
$$;

create or replace trigger note_insert after insert on quizzes
referencing new table as new_rows for each statement execute function note_quizzes();

create or replace trigger note_update after update on quizzes
referencing old table as old_rows new table as new_rows for each statement execute function note_quizzes();

create or replace trigger note_delete after delete on quizzes
referencing old table as old_rows for each statement execute function note_quizzes();

-- Answers find their edition on their own, so only a new number for the current edition affects what was counted.
create or replace function note_quiz_questions()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op = 'INSERT' then
        for touched in
            select creator_id, array_agg(distinct quiz_id) as quizzes
            from new_rows
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'touched', touched.quizzes[1:1]);
        end loop;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        for touched in
            select
                new_rows.creator_id,
                array_agg(distinct new_rows.quiz_id) filter (where new_rows.edition is distinct from old_rows.edition) as quizzes,
                (array_agg(new_rows.quiz_id))[1:1] as anything
            from new_rows
            left join old_rows on old_rows.creator_id = new_rows.creator_id and old_rows.id = new_rows.id
            group by new_rows.creator_id
        loop
            perform note_change(touched.creator_id, 'touched', touched.anything);
            if touched.quizzes is not null then
                perform note_change(touched.creator_id, 'requizzed', touched.quizzes);
            end if;
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(distinct quiz_id) as quizzes
        from old_rows
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'requizzed', touched.quizzes);
        end if;
    end loop;
    return null;
end;
$$;

create or replace trigger note_insert after insert on quiz_questions
referencing new table as new_rows for each statement execute function note_quiz_questions();

create or replace trigger note_update after update on quiz_questions
referencing old table as old_rows new table as new_rows for each statement execute function note_quiz_questions();

create or replace trigger note_delete after delete on quiz_questions
referencing old table as old_rows for each statement execute function note_quiz_questions();

revoke execute on function note_quizzes() from public;
revoke execute on function note_quiz_questions() from public;
revoke execute on function note_quiz_attempts() from public;
revoke execute on function note_quiz_answers() from public;
