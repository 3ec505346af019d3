-- What a person or the platform itself changes in a row that an import wrote is kept when the import is undone: the row
-- belongs to no import any more, and `said_rows` tells what they changed.

-- Arguments: the columns of the key within the creator.
create or replace function note_edited_row()
returns trigger
language plpgsql
as $$
declare
    before constant jsonb := to_jsonb(old);
    after constant jsonb := to_jsonb(new);
    key_of_row text;
    places integer;
    newest said_rows;
    changed jsonb;
    whose uuid;
begin
    select string_agg(before ->> named.name, '/' order by named.place) into key_of_row
    from unnest(tg_argv) with ordinality as named (name, place);
    select jsonb_object_agg(given.key, given.value) into changed
    from jsonb_each(after) as given (key, value)
    where
        given.value is distinct from before -> given.key
        and given.key not in ('import_number', 'sort_key', 'search_text', 'updated_at', 'question_key');
    if changed is null then
        return new;
    end if;
    whose := case tg_table_name
        when 'students' then (after ->> 'id')::uuid
        when 'quiz_answers' then (
            select student_id
            from quiz_attempts
            where
                creator_id = new.creator_id
                and id = (after ->> 'attempt_id')::uuid
        )
        else (after ->> 'student_id')::uuid
    end;
    select * into newest
    from said_rows
    where
        creator_id = new.creator_id
        and relation = tg_table_name
        and key = key_of_row
    order by place desc
    limit 1;
    if not found then
        insert into said_rows (creator_id, relation, key, place, import_number, student_id, told)
        values (
            new.creator_id, tg_table_name, key_of_row, 0, old.import_number, whose, before
        );
        places := 1;
    elsif newest.import_number is null and newest.place > 0 then
        update said_rows
        set told = told || changed
        where
            creator_id = new.creator_id
            and relation = tg_table_name
            and key = key_of_row
            and place = newest.place;
        return new;
    else
        places := newest.place + 1;
    end if;
    insert into said_rows (creator_id, relation, key, place, import_number, student_id, told)
    values (
        new.creator_id, tg_table_name, key_of_row, places, null, whose, changed
    );
    return new;
end;
$$;

create or replace trigger was_edited before update on students
for each row when (old.import_number > 0 and coalesce(current_setting('app.landing', true), '') = '')
execute function note_edited_row('id');

create or replace trigger was_edited before update on courses
for each row when (old.import_number > 0 and coalesce(current_setting('app.landing', true), '') = '')
execute function note_edited_row('id');

create or replace trigger was_edited before update on course_runs
for each row when (old.import_number > 0 and coalesce(current_setting('app.landing', true), '') = '')
execute function note_edited_row('id');

create or replace trigger was_edited before update on enrolments
for each row when (old.import_number > 0 and coalesce(current_setting('app.landing', true), '') = '')
execute function note_edited_row('student_id', 'run_id');

create or replace trigger was_edited before update on videos
for each row when (old.import_number > 0 and coalesce(current_setting('app.landing', true), '') = '')
execute function note_edited_row('id');

create or replace trigger was_edited before update on video_progress
for each row when (old.import_number > 0 and coalesce(current_setting('app.landing', true), '') = '')
execute function note_edited_row('student_id', 'video_id');

create or replace trigger was_edited before update on chat_messages
for each row when (old.import_number > 0 and coalesce(current_setting('app.landing', true), '') = '')
execute function note_edited_row('id');

create or replace trigger was_edited before update on quizzes
for each row when (old.import_number > 0 and coalesce(current_setting('app.landing', true), '') = '')
execute function note_edited_row('id');

create or replace trigger was_edited before update on quiz_questions
for each row when (old.import_number > 0 and coalesce(current_setting('app.landing', true), '') = '')
execute function note_edited_row('id');

create or replace trigger was_edited before update on quiz_attempts
for each row when (old.import_number > 0 and coalesce(current_setting('app.landing', true), '') = '')
execute function note_edited_row('id');

create or replace trigger was_edited before update on quiz_answers
for each row when (old.import_number > 0 and coalesce(current_setting('app.landing', true), '') = '')
execute function note_edited_row('attempt_id', 'question_id');

revoke execute on function note_edited_row() from public;
