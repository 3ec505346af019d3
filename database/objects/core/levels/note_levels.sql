-- Marks of what changes the levels: courses and runs that come or go, and items that move to another course.

-- Adding or removing a course or run may change the levels: then every figure is rebuilt next to the old ones.
create or replace function note_levels()
returns trigger
language plpgsql
as $$
declare
    touched record;
    levels record;
begin
    if tg_op = 'INSERT' then
        if is_rebuilt_anyway() then
            return null;
        end if;
    end if;
    for touched in
        select distinct creator_id
        from touched_rows
    loop
        -- The role that deletes a creator has no rights on courses.
        if not is_known_creator(touched.creator_id) then
            continue;
        end if;
        levels := levels_of(touched.creator_id);
        if cardinality(levels.courses) > 1 then
            perform note_change(touched.creator_id, 'arrived', array[touched.creator_id]);
        end if;
        if exists (
            select
            from creator_generations
            where
                creator_id = touched.creator_id
                and state in ('shown', 'building')
                and (courses, runs) is distinct from (levels.courses, levels.runs)
        ) then
            perform note_change(touched.creator_id, 'moved', array[touched.creator_id]);
        end if;
    end loop;
    return null;
end;
$$;

create or replace trigger note_insert after insert on courses
referencing new table as touched_rows for each statement execute function note_levels();

create or replace trigger note_delete after delete on courses
referencing old table as touched_rows for each statement execute function note_levels();

create or replace trigger note_insert after insert on course_runs
referencing new table as touched_rows for each statement execute function note_levels();

create or replace trigger note_delete after delete on course_runs
referencing old table as touched_rows for each statement execute function note_levels();

-- An item that moves to another course takes along everything that anybody did in it, which is most of both courses.
create or replace function note_another_course()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    for touched in
        select new_rows.creator_id
        from new_rows
        left join old_rows on old_rows.creator_id = new_rows.creator_id and old_rows.id = new_rows.id
        where new_rows.course_id is distinct from old_rows.course_id
        group by new_rows.creator_id
    loop
        if has_levels(touched.creator_id) then
            perform note_change(touched.creator_id, 'moved', array[touched.creator_id]);
        end if;
    end loop;
    return null;
end;
$$;

create or replace trigger note_another_course after update on videos
referencing old table as old_rows new table as new_rows for each statement execute function note_another_course();

create or replace trigger note_another_course after update on quizzes
referencing old table as old_rows new table as new_rows for each statement execute function note_another_course();

revoke execute on function note_levels() from public;
revoke execute on function note_another_course() from public;
