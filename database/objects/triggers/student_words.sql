-- The words that find a student follow the name and the address.

create or replace function keep_new_student_words()
returns trigger
language plpgsql
as $$
declare
    arrived record;
begin
    for arrived in
        select creator_id, array_agg(id) as students, array_agg(search_text) as texts
        from new_rows
        where search_text <> ''
        group by creator_id
    loop
        insert into student_words (creator_id, word, student_id)
        select
            arrived.creator_id,
            words.word,
            told.student_id
        from unnest(arrived.students, arrived.texts) as told (student_id, found_by)
        cross join lateral string_to_table(ltrim(told.found_by), ' ') as words (word);
    end loop;
    return null;
end;
$$;

create or replace trigger keep_words after insert on students
referencing new table as new_rows for each statement execute function keep_new_student_words();

create or replace function keep_changed_student_words()
returns trigger
language plpgsql
as $$
begin
    delete from student_words
    where
        creator_id = old.creator_id
        and word = any(string_to_array(ltrim(old.search_text), ' '))
        and student_id = old.id;
    insert into student_words (creator_id, word, student_id)
    select
        new.creator_id,
        words.word,
        new.id
    from string_to_table(ltrim(new.search_text), ' ') as words (word)
    where words.word <> '';
    return null;
end;
$$;

create or replace trigger keep_changed_words after update on students
for each row when (old.search_text is distinct from new.search_text) execute function keep_changed_student_words();

revoke execute on function keep_new_student_words() from public;
revoke execute on function keep_changed_student_words() from public;
