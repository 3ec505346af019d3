-- Drops sums that have become empty, and rows of a generation that nobody sees any more.

-- A sum that several folds add to is deleted when all its counts are 0. There are few days and courses; of the students, only
-- those that the portion named and who are not enrolled go. There are many days of videos, so each fold drops those that it
-- emptied.
create or replace function drop_empty_sums(
    creator uuid, folded_generation integer, folded_course integer, folded_run integer, students_named uuid[]
)
returns void
language plpgsql
as $$
begin
    delete from days
    where
        creator_id = creator
        and generation = folded_generation
        and course = folded_course
        and run = folded_run
        and (enrolments, students, activities, visits, last_watched, attempts, questions) = (0, 0, 0, 0, 0, 0, 0);
    delete from course_totals
    where
        creator_id = creator
        and generation = folded_generation
        and course = folded_course
        and run = folded_run
        and (students, videos_watched, views, attempts, chat_sessions, chat_messages, questions) = (0, 0, 0, 0, 0, 0, 0);
    delete from student_totals
    where
        creator_id = creator
        and generation = folded_generation
        and course = folded_course
        and run = folded_run
        and student_id = any(students_named)
        and (seen_days, videos_watched, views, attempts, chat_sessions, chat_messages, questions) = (0, 0, 0, 0, 0, 0, 0)
        and not exists (
            select
            from enrolled_students
            where
                enrolled_students.creator_id = creator
                and enrolled_students.generation = folded_generation
                and enrolled_students.course = folded_course
                and enrolled_students.run = folded_run
                and enrolled_students.student_id = student_totals.student_id
        );
end;
$$;

-- Delete rows of a generation that nobody sees, at most `most_rows` from each relation. Returns how many were deleted.
create or replace function clear_totals(creator uuid, old_generation integer, most_rows integer)
returns integer
language plpgsql
as $$
declare
    cleared integer := 0;
    deleted integer;
begin
    delete from enrolled_students
    where ctid = any(array(select ctid from enrolled_students where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from student_totals
    where ctid = any(array(select ctid from student_totals where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from course_totals
    where ctid = any(array(select ctid from course_totals where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from days
    where ctid = any(array(select ctid from days where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from video_days
    where ctid = any(array(select ctid from video_days where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    return cleared + deleted;
end;
$$;

revoke execute on function drop_empty_sums(uuid, integer, integer, integer, uuid[]) from public;
revoke execute on function clear_totals(uuid, integer, integer) from public;
