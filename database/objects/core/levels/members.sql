-- Who belongs to a level, and during which stretches of time.

-- Which of these students belong to the level, and when their activity counts there: one row per student and stretch of time.
-- Over all courses, that is everybody who is not deleted; in a course, everybody who is enrolled in it and has not left; in a
-- run, those members of the course who were ever enrolled in the run, as long as no other run of theirs is in force. The
-- enrolment in force at an instant is the newest of those that cover it, otherwise the newest before it, otherwise the first
-- after it.
create or replace function stays_at_level(
    creator uuid,
    read_course integer,
    read_run integer,
    students_named uuid[],
    out students uuid[],
    out starts timestamptz[],
    out ends timestamptz[],
    out enrolled timestamptz[]
)
language plpgsql
as $$
declare
    moment constant timestamptz := dashboard_now();
    course constant uuid := (
        select id
        from courses
        where
            creator_id = creator
            and number between read_course and read_course
        order by number
        limit 1
    );
begin
    if read_course = 0 then
        select
            coalesce(array_agg(id order by id), '{}'),
            coalesce(array_agg(timestamptz '-infinity' order by id), '{}'),
            coalesce(array_agg(timestamptz 'infinity' order by id), '{}'),
            coalesce(array_agg(created_at order by id), '{}')
        into students, starts, ends, enrolled
        from students as known
        where
            known.creator_id = creator
            and known.id = any(students_named)
            and known.deleted_at is null;
        return;
    end if;
    -- Laterals with an offset, so that each student's enrolments are looked up on their own. Otherwise, for tables that it does
    -- not know, the planner would start with the runs and read everybody's. Courses and runs are looked up in key order: most
    -- creators have only one, so the planner would take any index by creator, and read all rows of a creator who has a
    -- thousand.
    with enrolments_read as materialized (
        select
            named.student_id,
            of_run.number as run,
            told.enrolled_at,
            coalesce(told.ended_at, timestamptz 'infinity') as ended_at
        from (
            select distinct listed.student_id
            from unnest(students_named) as listed (student_id)
        ) as named
        cross join lateral (
            select true as is_here
            from students as known
            where
                known.creator_id = creator
                and known.id = named.student_id
                and known.deleted_at is null
            offset 0
        ) as here
        cross join lateral (
            select
                run_id,
                enrolled_at,
                ended_at
            from enrolments
            where
                creator_id = creator
                and student_id = named.student_id
            offset 0
        ) as told
        cross join lateral (
            select
                number,
                course_id
            from course_runs
            where
                creator_id = creator
                and id between told.run_id and told.run_id
            order by id
            limit 1
        ) as of_run
        where of_run.course_id = course
    ),

    members as (
        select student_id
        from enrolments_read
        group by student_id
        having max(ended_at) > moment
    ),

    -- A different enrolment may come into force wherever one begins or ends.
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
            from enrolments_read
            union
            select
                student_id,
                ended_at
            from enrolments_read
            where ended_at < 'infinity'
        ) as told
        where student_id in (select student_id from members)
    ),

    in_force as (
        select distinct on (turns.student_id, turns.began_at)
            turns.student_id,
            turns.began_at,
            turns.ended_at,
            enrolments_read.run
        from turns
        join enrolments_read on enrolments_read.student_id = turns.student_id
        order by
            turns.student_id asc,
            turns.began_at asc,
            (enrolments_read.enrolled_at <= turns.began_at and turns.began_at < enrolments_read.ended_at) desc,
            (enrolments_read.enrolled_at <= turns.began_at) desc,
            case when enrolments_read.enrolled_at <= turns.began_at then enrolments_read.enrolled_at end desc nulls last,
            enrolments_read.enrolled_at asc,
            enrolments_read.run desc
    ),

    enrolled_first as (
        select
            student_id,
            min(enrolled_at) as enrolled_at
        from enrolments_read
        where read_run in (0, run)
        group by student_id
    )

    select
        coalesce(array_agg(in_force.student_id order by in_force.student_id, in_force.began_at), '{}'),
        coalesce(array_agg(in_force.began_at order by in_force.student_id, in_force.began_at), '{}'),
        coalesce(array_agg(in_force.ended_at order by in_force.student_id, in_force.began_at), '{}'),
        coalesce(array_agg(enrolled_first.enrolled_at order by in_force.student_id, in_force.began_at), '{}')
    into students, starts, ends, enrolled
    from in_force
    join enrolled_first on enrolled_first.student_id = in_force.student_id
    where read_run in (0, in_force.run);
end;
$$;

-- Which courses these students are enrolled in and have not left, as pairs.
create or replace function courses_joined_by(creator uuid, students_named uuid[], out students uuid[], out courses uuid[])
language plpgsql
as $$
declare
    moment constant timestamptz := dashboard_now();
begin
    select
        coalesce(array_agg(joined.student_id order by joined.student_id, joined.course_id), '{}'),
        coalesce(array_agg(joined.course_id order by joined.student_id, joined.course_id), '{}')
    into students, courses
    from (
        select distinct
            named.student_id,
            of_run.course_id
        from unnest(students_named) as named (student_id)
        cross join lateral (
            select run_id
            from enrolments
            where
                creator_id = creator
                and student_id = named.student_id
                and (ended_at is null or ended_at > moment)
            offset 0
        ) as told
        cross join lateral (
            select course_id
            from course_runs
            where
                creator_id = creator
                and id between told.run_id and told.run_id
            order by id
            limit 1
        ) as of_run
    ) as joined;
end;
$$;

revoke execute on function stays_at_level(uuid, integer, integer, uuid[]) from public;
revoke execute on function courses_joined_by(uuid, uuid[]) from public;
