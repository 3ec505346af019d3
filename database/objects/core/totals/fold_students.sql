-- The fold of enrolments.

-- Refold enrolments. `students_named` may name anybody: students who are deleted, or never existed, have no row.
--
-- As in all folds, a slice of students (after the first named one, up to the second) is added to the sums as it is: that is how
-- the sums of a generation being built begin. Until then they include nothing of these students, and get no differences.
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
    moment constant timestamptz := dashboard_now();
    is_by_course constant boolean := folded_course = 0 and is_kept_by_course(creator, folded_generation);
    members record;
begin
    if cardinality(students_named) = 0 and slice_to is null then
        return;
    end if;
    members := stays_at_level(creator, folded_course, folded_run, students_named);
    -- One statement, one snapshot: the old rows, the new ones in their place, and the difference of the two for the sums.
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
        where
            creator_id = creator
            and generation = folded_generation
            and course = folded_course
            and run = folded_run
            and student_id = any(array(select student_id from old_rows except select student_id from new_rows))
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
    -- A student who has done nothing yet has a row of zeros, so that one index finds everybody who is inactive.
    with takes_part as (
        select
            named.student_id,
            max(
                least(
                    coalesce(told.ended_at, timestamptz 'infinity'),
                    coalesce(told.access_expires_at, timestamptz 'infinity'),
                    coalesce(of_run.ends_at, timestamptz 'infinity'),
                    coalesce(of_course.closed_at, timestamptz 'infinity')
                )
            ) as runs_until,
            array_agg(distinct of_course.number) filter (where coalesce(told.ended_at, timestamptz 'infinity') > moment) as courses
        from unnest(students_named) as named (student_id)
        cross join lateral (
            select
                run_id,
                ended_at,
                access_expires_at
            from enrolments
            where
                creator_id = creator
                and student_id = named.student_id
            offset 0
        ) as told
        cross join lateral (
            select
                course_id,
                number,
                ends_at
            from course_runs
            where
                creator_id = creator
                and id between told.run_id and told.run_id
            order by id
            limit 1
        ) as of_run
        cross join lateral (
            select
                number,
                closed_at
            from courses
            where
                creator_id = creator
                and id between of_run.course_id and of_run.course_id
            order by id
            limit 1
        ) as of_course
        where
            folded_course in (0, of_course.number)
            and folded_run in (0, of_run.number)
        group by named.student_id
    )

    insert into student_totals as known (creator_id, generation, course, run, student_id, enrolled_at, runs_until, courses)
    select
        creator,
        folded_generation,
        folded_course,
        folded_run,
        told.student_id,
        min(told.enrolled_at),
        coalesce(max(takes_part.runs_until), timestamptz '-infinity'),
        case when is_by_course then coalesce(max(takes_part.courses), '{}') end
    from unnest(members.students, members.enrolled) as told (student_id, enrolled_at)
    left join takes_part on takes_part.student_id = told.student_id
    group by told.student_id
    on conflict (creator_id, generation, course, run, student_id) do update set
        enrolled_at = excluded.enrolled_at,
        runs_until = excluded.runs_until,
        courses = excluded.courses
    where
        (known.enrolled_at, known.runs_until, known.courses)
        is distinct from (excluded.enrolled_at, excluded.runs_until, excluded.courses);
end;
$$;

revoke execute on function fold_students(uuid, integer, integer, integer, uuid[], uuid, uuid) from public;
