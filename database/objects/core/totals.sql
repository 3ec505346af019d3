-- The sums that several folds add to, and the fold of enrolments.

-- The generation of each creator that readers see, with the zone whose days it counts.
create or replace view shown_generations with (security_invoker = true) as
select
    creator_id,
    generation,
    timezone
from creator_generations
where state = 'shown';

-- Refold enrolments. `students_named` may name anybody: who is deleted, or never was, has no row.
--
-- As in all folds, a slice of students (behind the first named, up to the second) is added to the sums as it stands: so the
-- sums of a generation that is being built begin. Until then they hold no row of theirs, and get no differences.
create or replace function fold_students(
    creator uuid,
    folded_generation integer,
    folded_course integer,
    folded_run integer,
    students_named uuid[],
    slice_after uuid default null,
    slice_to uuid default null
)
returns void
language plpgsql
as $$
declare
    zone constant text := (select timezone from creator_generations where creator_id = creator and generation = folded_generation);
    added_to constant uuid := (select students_added_to from creator_generations where creator_id = creator and generation = folded_generation);
    members record;
begin
    if cardinality(students_named) = 0 and slice_to is null then
        return;
    end if;
    members := stays_at_level(creator, folded_course, folded_run, students_named);
    -- One statement, one snapshot: the old rows, the new ones in their place, and the difference of the two to the sums.
    with old_rows as materialized (
        select *
        from enrolled_students
        where
            creator_id = creator
            and generation = folded_generation
            and course = folded_course
            and run = folded_run
            and student_id = any(students_named)
    ),

    new_rows as materialized (
        select distinct
            creator as creator_id,
            folded_generation as generation,
            folded_course as course,
            folded_run as run,
            told.student_id,
            (told.enrolled_at at time zone zone)::date as enrolled_on
        from unnest(members.students, members.enrolled) as told (student_id, enrolled_at)
    ),

    rows_dropped as (
        delete from enrolled_students
        using old_rows
        where
            enrolled_students.creator_id = creator
            and enrolled_students.generation = folded_generation
            and enrolled_students.course = old_rows.course
            and enrolled_students.run = old_rows.run
            and enrolled_students.student_id = old_rows.student_id
            and not exists (
                select
                from new_rows
                where
                    new_rows.course = old_rows.course
                    and new_rows.run = old_rows.run
                    and new_rows.student_id = old_rows.student_id
            )
    ),

    rows_kept as (
        insert into enrolled_students as known (creator_id, generation, course, run, student_id, enrolled_on)
        select
            creator_id,
            generation,
            course,
            run,
            student_id,
            enrolled_on
        from new_rows
        on conflict (creator_id, generation, course, run, student_id) do update set enrolled_on = excluded.enrolled_on
        where known.enrolled_on <> excluded.enrolled_on
    ),

    signed_rows as (
        select
            course,
            run,
            enrolled_on,
            1 as sign
        from new_rows
        where student_id <= added_to
        union all
        select
            course,
            run,
            enrolled_on,
            -1
        from old_rows
        where student_id <= added_to
        union all
        select
            course,
            run,
            enrolled_on,
            1
        from enrolled_students
        where
            creator_id = creator
            and generation = folded_generation
            and course = folded_course
            and run = folded_run
            and student_id > slice_after
            and student_id <= slice_to
    ),

    days_changed as (
        insert into days as known (creator_id, generation, course, run, day, enrolments)
        select
            creator,
            folded_generation,
            course,
            run,
            enrolled_on,
            sum(sign)
        from signed_rows
        group by
            course,
            run,
            enrolled_on
        having sum(sign) <> 0
        on conflict (creator_id, generation, course, run, day) do update set enrolments = known.enrolments + excluded.enrolments
    )

    insert into course_totals as known (creator_id, generation, course, run, students)
    select
        creator,
        folded_generation,
        course,
        run,
        sum(sign)
    from signed_rows
    group by
        course,
        run
    having sum(sign) <> 0
    on conflict (creator_id, generation, course, run) do update set students = known.students + excluded.students;
    -- Who did nothing yet has a row of zeros: whoever is silent is found by one index.
    insert into student_totals (creator_id, generation, course, run, student_id)
    select
        creator_id,
        generation,
        course,
        run,
        student_id
    from enrolled_students
    where
        creator_id = creator
        and generation = folded_generation
        and course = folded_course
        and run = folded_run
        and student_id = any(students_named)
    on conflict (creator_id, generation, course, run, student_id) do nothing;
end;
$$;

-- A sum to which several folds add goes away where its counts are all 0. Days and courses are few; of the students, those
-- that the portion named, those who are not enrolled. Days of videos are many: each fold drops those that it emptied.
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

-- Delete rows of a generation that nobody sees, so many of each relation. The number of rows.
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

revoke execute on function fold_students(uuid, integer, integer, integer, uuid[], uuid, uuid) from public;
revoke execute on function drop_empty_sums(uuid, integer, integer, integer, uuid[]) from public;
revoke execute on function clear_totals(uuid, integer, integer) from public;
grant select on shown_generations to dashboard_app;
