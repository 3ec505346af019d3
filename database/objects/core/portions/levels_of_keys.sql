-- Where there is something to fold or to add: the levels of students and videos. A course or run has rows only of students who
-- are, or were, enrolled there, so only these levels are considered: what a student does costs as much with two hundred courses
-- as with the few that the student is in.

-- The levels of single courses and runs at which these students have an enrolment, ended or not; for those who left or came
-- back also the levels at which they have rows, as their enrolment may be gone. One pair per level and student. A student with
-- any row at a level has one in student_totals.
create or replace function levels_of_students(
    creator uuid,
    read_generation integer,
    students_named uuid[],
    students_left uuid[],
    out courses integer[],
    out runs integer[],
    out students uuid[]
)
language plpgsql
-- As in fold_watching: look-ups by key are laterals with an offset, and all other joins are by hash.
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
set enable_mergejoin = off
set enable_seqscan = off
set jit = off
as $$
begin
    with kept as materialized (
        select
            levels.course,
            levels.run
        from creator_generations
        cross join lateral unnest(creator_generations.courses, creator_generations.runs) as levels (course, run)
        where
            creator_generations.creator_id = creator
            and creator_generations.generation = read_generation
            and levels.course > 0
    ),

    enrolled as materialized (
        select
            named.student_id,
            of_course.number as course,
            of_run.number as run
        from unnest(students_named) as named (student_id)
        cross join lateral (
            select run_id
            from enrolments
            where
                creator_id = creator
                and student_id = named.student_id
            offset 0
        ) as told
        cross join lateral (
            select
                course_id,
                number
            from course_runs
            where
                creator_id = creator
                and id between told.run_id and told.run_id
            order by id
            limit 1
        ) as of_run
        cross join lateral (
            select known.number
            from courses as known
            where
                known.creator_id = creator
                and known.id between of_run.course_id and of_run.course_id
            order by known.id
            limit 1
        ) as of_course
    ),

    pairs as (
        select
            kept.course,
            kept.run,
            enrolled.student_id
        from enrolled
        join kept
            on
                kept.course = enrolled.course
                and kept.run = enrolled.run
        union
        select
            kept.course,
            kept.run,
            enrolled.student_id
        from enrolled
        join kept
            on
                kept.course = enrolled.course
                and kept.run = 0
        union
        select
            kept.course,
            kept.run,
            named.student_id
        from kept
        cross join unnest(students_left) as named (student_id)
        cross join lateral (
            select true as is_there
            from student_totals
            where
                creator_id = creator
                and generation = read_generation
                and course = kept.course
                and run = kept.run
                and student_id between named.student_id and named.student_id
            order by student_id
            limit 1
        ) as known
    )

    select
        coalesce(array_agg(pairs.course), '{}'),
        coalesce(array_agg(pairs.run), '{}'),
        coalesce(array_agg(pairs.student_id), '{}')
    into courses, runs, students
    from pairs;
end;
$$;

-- The levels of a generation at which a student after the first named one, up to the second, has a row: what there is to add to
-- the sums of a level.
create or replace function levels_of_slice_of_students(creator uuid, read_generation integer, slice_after uuid, slice_to uuid)
returns table (course integer, run integer)
language plpgsql
set enable_seqscan = off
as $$
begin
    return query select
        levels.course,
        levels.run
    from creator_generations
    cross join lateral unnest(creator_generations.courses, creator_generations.runs) as levels (course, run)
    where
        creator_generations.creator_id = creator
        and creator_generations.generation = read_generation
        and (
            select student_totals.student_id
            from student_totals
            where
                student_totals.creator_id = creator
                and student_totals.generation = read_generation
                and student_totals.course = levels.course
                and student_totals.run = levels.run
                and student_totals.student_id > slice_after
                and student_totals.student_id <= slice_to
            order by student_totals.student_id
            limit 1
        ) is not null;
end;
$$;

-- The same for videos.
create or replace function levels_of_slice_of_videos(creator uuid, read_generation integer, slice_after uuid, slice_to uuid)
returns table (course integer, run integer)
language plpgsql
set enable_seqscan = off
as $$
begin
    return query select
        levels.course,
        levels.run
    from creator_generations
    cross join lateral unnest(creator_generations.courses, creator_generations.runs) as levels (course, run)
    where
        creator_generations.creator_id = creator
        and creator_generations.generation = read_generation
        and coalesce(
            (
                select watched_videos.video_id
                from watched_videos
                where
                    watched_videos.creator_id = creator
                    and watched_videos.generation = read_generation
                    and watched_videos.course = levels.course
                    and watched_videos.run = levels.run
                    and watched_videos.video_id > slice_after
                    and watched_videos.video_id <= slice_to
                order by watched_videos.video_id
                limit 1
            ),
            (
                select views.video_id
                from views
                where
                    views.creator_id = creator
                    and views.generation = read_generation
                    and views.course = levels.course
                    and views.run = levels.run
                    and views.video_id > slice_after
                    and views.video_id <= slice_to
                order by views.video_id
                limit 1
            )
        ) is not null;
end;
$$;

revoke execute on function levels_of_students(uuid, integer, uuid[], uuid[]) from public;
revoke execute on function levels_of_slice_of_students(uuid, integer, uuid, uuid) from public;
revoke execute on function levels_of_slice_of_videos(uuid, integer, uuid, uuid) from public;
