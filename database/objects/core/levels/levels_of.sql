-- The levels at which the figures of a creator are kept.
--
-- A level is a course and a run of it; 0 means every one. There is always (0, 0). If there are several courses, each has a
-- level of its own; if a course has several runs, each of those does too. A level that would equal the one above it is not
-- kept.

-- The courses and runs of the levels, in parallel arrays.
create or replace function levels_of(creator uuid, out courses integer[], out runs integer[])
language plpgsql
as $$
begin
    with numbered as (
        select
            courses.number as course,
            course_runs.number as run,
            count(*) over (partition by courses.number) as runs_of_course
        from courses
        join course_runs
            on
                course_runs.creator_id = courses.creator_id
                and course_runs.course_id = courses.id
        where courses.creator_id = creator
    ),

    levels as (
        select
            0 as course,
            0 as run
        union
        select
            course,
            0
        from numbered
        where (select count(distinct course) from numbered) > 1
        union
        select
            course,
            run
        from numbered
        where runs_of_course > 1
    )

    select
        array_agg(course order by course, run),
        array_agg(run order by course, run)
    into courses, runs
    from levels;
end;
$$;

-- Whether a generation keeps figures of single courses; if so, a student is only to watch the videos of some of them.
create or replace function is_kept_by_course(creator uuid, read_generation integer)
returns boolean
language plpgsql
stable
as $$
begin
    return exists (
        select
        from creator_generations
        cross join lateral unnest(creator_generations.courses, creator_generations.runs) as levels (course, run)
        where
            creator_generations.creator_id = creator
            and creator_generations.generation = read_generation
            and levels.course > 0
            and levels.run = 0
    );
end;
$$;

-- Whether figures are kept for single courses or runs; if so, a change of enrolments changes them.
create or replace function has_levels(creator uuid)
returns boolean
language plpgsql
stable
as $$
begin
    return exists (
        select
        from creator_generations
        where
            creator_id = creator
            and (state = 'shown' or (state = 'building' and coalesce(current_setting('app.builds_students', true), '') = ''))
            and cardinality(courses) > 1
    );
end;
$$;

revoke execute on function levels_of(uuid) from public;
revoke execute on function has_levels(uuid) from public;
revoke execute on function is_kept_by_course(uuid, integer) from public;
