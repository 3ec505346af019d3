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
    out ends timestamptz[],
    out enrolled timestamptz[]
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
    with enrolments_read as materialized (
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
        from enrolments_read
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

-- Of these videos those of the level; without a list, all of them. A course of 0 is every one.
create or replace function videos_at_level(creator uuid, read_course integer, videos_named uuid[] default null)
returns uuid[]
language plpgsql
as $$
declare
    course constant uuid := (select id from courses where creator_id = creator and number = read_course);
begin
    if read_course = 0 and videos_named is not null then
        return videos_named;
    end if;
    return array(
        select known.id
        from videos as known
        where
            known.creator_id = creator
            and (videos_named is null or known.id = any(videos_named))
            and (read_course = 0 or known.course_id = course)
        order by known.id
    );
end;
$$;

-- The same for quizzes.
create or replace function quizzes_at_level(creator uuid, read_course integer, quizzes_named uuid[] default null)
returns uuid[]
language plpgsql
as $$
declare
    course constant uuid := (select id from courses where creator_id = creator and number = read_course);
begin
    if read_course = 0 and quizzes_named is not null then
        return quizzes_named;
    end if;
    return array(
        select known.id
        from quizzes as known
        where
            known.creator_id = creator
            and (quizzes_named is null or known.id = any(quizzes_named))
            and (read_course = 0 or known.course_id = course)
        order by known.id
    );
end;
$$;

-- A course or run that comes or goes may change the levels: then every figure is built anew, beside the old ones.
create or replace function note_levels()
returns trigger
language plpgsql
as $$
declare
    touched record;
    levels record;
begin
    for touched in
        select distinct creator_id
        from touched_rows
    loop
        -- Whoever deletes a creator may do nothing with the courses.
        if not is_known_creator(touched.creator_id) then
            continue;
        end if;
        levels := levels_of(touched.creator_id);
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

-- Whether figures are kept for single courses or runs.
create or replace function has_levels(creator uuid)
returns boolean
language plpgsql
stable
as $$
begin
    return exists (select from creator_generations where creator_id = creator and state in ('shown', 'building') and cardinality(courses) > 1);
end;
$$;

-- Where a student is enrolled decides where everything counts that the student did.
create or replace function note_enrolments()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op in ('INSERT', 'UPDATE') then
        for touched in
            select creator_id, array_agg(distinct student_id) as students
            from new_rows
            group by creator_id
        loop
            if has_levels(touched.creator_id) then
                perform note_change(touched.creator_id, 'left', touched.students);
            end if;
        end loop;
        -- Whoever will have left counts until then.
        for touched in
            select creator_id, ended_at, array_agg(distinct student_id) as students
            from new_rows
            where ended_at > dashboard_now()
            group by creator_id, ended_at
        loop
            insert into changes (creator_id, due_at, kind, subjects)
            values (touched.creator_id, touched.ended_at, 'left', touched.students);
        end loop;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        for touched in
            select creator_id, array_agg(distinct student_id) as students
            from old_rows
            group by creator_id
        loop
            if not is_known_creator(touched.creator_id) then
                continue;
            end if;
            if has_levels(touched.creator_id) then
                perform note_change(touched.creator_id, 'left', touched.students);
            end if;
        end loop;
    end if;
    return null;
end;
$$;

create or replace trigger note_insert after insert on enrolments
referencing new table as new_rows for each statement execute function note_enrolments();

create or replace trigger note_update after update on enrolments
referencing old table as old_rows new table as new_rows for each statement execute function note_enrolments();

create or replace trigger note_delete after delete on enrolments
referencing old table as old_rows for each statement execute function note_enrolments();

-- What goes to another course takes along whatever anybody did in it: that is most of both courses.
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

revoke execute on function levels_of(uuid) from public;
revoke execute on function stays_at_level(uuid, integer, integer, uuid[]) from public;
revoke execute on function note_levels() from public;
revoke execute on function has_levels(uuid) from public;
revoke execute on function note_enrolments() from public;
revoke execute on function note_another_course() from public;
revoke execute on function videos_at_level(uuid, integer, uuid[]) from public;
revoke execute on function quizzes_at_level(uuid, integer, uuid[]) from public;
grant execute on function levels_of(uuid), has_levels(uuid) to dashboard_app;
