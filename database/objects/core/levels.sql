-- At which levels the figures of a creator are kept, who belongs to a level, and from when to when.
--
-- A level is a course and a run of it; 0 is every one. There is always (0, 0). Where there are several courses, each has a level
-- of its own, and where a course has several runs, each of these. What would say the same as the level above it is not kept.

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

-- Of these students, who belongs to the level, and from when to when what they do counts there: a row per student and stretch of
-- time. Over all courses that is everybody who is not deleted; in a course, whoever is enrolled in it and has not left; in a run,
-- those of the course who were ever enrolled in the run, as long as no other run of theirs is the one in force. In force is of the
-- enrolments that cover an instant the newest, else the newest before it, else the first after it.
create or replace function stays_at_level(
    creator uuid,
    read_course integer,
    read_run integer,
    students_named uuid[],
    out students uuid[],
    out starts timestamptz[],
    out ends timestamptz[]
)
language plpgsql
as $$
declare
    moment constant timestamptz := dashboard_now();
begin
    if read_course = 0 then
        select
            coalesce(array_agg(id order by id), '{}'),
            coalesce(array_agg(timestamptz '-infinity' order by id), '{}'),
            coalesce(array_agg(timestamptz 'infinity' order by id), '{}')
        into students, starts, ends
        from students as known
        where
            known.creator_id = creator
            and known.id = any(students_named)
            and known.deleted_at is null;
        return;
    end if;
    with enrolled as materialized (
        select
            enrolments.student_id,
            course_runs.number as run,
            enrolments.enrolled_at,
            coalesce(enrolments.ended_at, timestamptz 'infinity') as ended_at
        from students as known
        join enrolments
            on
                enrolments.creator_id = known.creator_id
                and enrolments.student_id = known.id
        join course_runs
            on
                course_runs.creator_id = enrolments.creator_id
                and course_runs.id = enrolments.run_id
        join courses
            on
                courses.creator_id = course_runs.creator_id
                and courses.id = course_runs.course_id
        where
            known.creator_id = creator
            and known.id = any(students_named)
            and known.deleted_at is null
            and courses.number = read_course
    ),

    members as (
        select student_id
        from enrolled
        group by student_id
        having max(ended_at) > moment
    ),

    -- Another enrolment may come into force wherever one begins or ends.
    turns as (
        select
            student_id,
            turn as began_at,
            coalesce(lead(turn) over (partition by student_id order by turn), timestamptz 'infinity') as ended_at
        from (
            select
                student_id,
                timestamptz '-infinity' as turn
            from members
            union
            select
                student_id,
                enrolled_at
            from enrolled
            union
            select
                student_id,
                ended_at
            from enrolled
            where ended_at < 'infinity'
        ) as told
        where student_id in (select student_id from members)
    ),

    in_force as (
        select distinct on (turns.student_id, turns.began_at)
            turns.student_id,
            turns.began_at,
            turns.ended_at,
            enrolled.run
        from turns
        join enrolled on enrolled.student_id = turns.student_id
        order by
            turns.student_id asc,
            turns.began_at asc,
            (enrolled.enrolled_at <= turns.began_at and turns.began_at < enrolled.ended_at) desc,
            (enrolled.enrolled_at <= turns.began_at) desc,
            case when enrolled.enrolled_at <= turns.began_at then enrolled.enrolled_at end desc nulls last,
            enrolled.enrolled_at asc,
            enrolled.run desc
    )

    select
        coalesce(array_agg(student_id order by student_id, began_at), '{}'),
        coalesce(array_agg(began_at order by student_id, began_at), '{}'),
        coalesce(array_agg(ended_at order by student_id, began_at), '{}')
    into students, starts, ends
    from in_force
    where read_run in (0, run);
end;
$$;

revoke execute on function levels_of(uuid) from public;
revoke execute on function stays_at_level(uuid, integer, integer, uuid[]) from public;
