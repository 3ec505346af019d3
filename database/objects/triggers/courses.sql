-- Every creator has a course with a run, and whatever is written without a course belongs to the first one.

-- The creator's first course, created with its run if there is none yet. Two writers may arrive at once.
create or replace function first_course(creator uuid)
returns uuid
language plpgsql
as $$
declare
    found uuid := (select id from courses where creator_id = creator order by number limit 1);
begin
    if found is not null then
        return found;
    end if;
    insert into courses (creator_id, number) values (creator, 1) on conflict (creator_id, number) do nothing;
    found := (select id from courses where creator_id = creator order by number limit 1);
    insert into course_runs (creator_id, course_id, number) values (creator, found, 1) on conflict (creator_id, number) do nothing;
    return found;
end;
$$;

create or replace function put_video_into_course()
returns trigger
language plpgsql
as $$
begin
    new.course_id := first_course(new.creator_id);
    return new;
end;
$$;

create or replace trigger put_into_course before insert on videos
for each row when (new.course_id is null) execute function put_video_into_course();

-- A quiz belongs to the course of its video.
create or replace function put_quiz_into_course()
returns trigger
language plpgsql
as $$
begin
    new.course_id := coalesce(
        (select course_id from videos where creator_id = new.creator_id and id = new.video_id),
        first_course(new.creator_id)
    );
    return new;
end;
$$;

create or replace trigger put_into_course before insert on quizzes
for each row when (new.course_id is null) execute function put_quiz_into_course();

-- If there is exactly one run, new students are enrolled in it. Otherwise their enrolments are given explicitly.
create or replace function enrol_in_the_only_run()
returns trigger
language plpgsql
as $$
declare
    arrived record;
    only_run uuid;
begin
    for arrived in
        select
            creator_id,
            array_agg(id) as students,
            array_agg(created_at) as instants,
            array_agg(case when import_number is not null then true end) as landed
        from new_rows
        group by creator_id
    loop
        perform first_course(arrived.creator_id);
        select (array_agg(id))[1] into only_run
        from course_runs
        where creator_id = arrived.creator_id
        having count(*) = 1;
        -- The students themselves are noted already: once is enough.
        perform set_config('app.enrols_arrivals', 'true', true);
        insert into enrolments (creator_id, run_id, student_id, enrolled_at, follows_arrival)
        select
            arrived.creator_id,
            only_run,
            student_id,
            enrolled_at,
            follows_arrival
        from unnest(arrived.students, arrived.instants, arrived.landed) as told (student_id, enrolled_at, follows_arrival)
        where only_run is not null
        on conflict (creator_id, student_id, run_id) do nothing;
        perform set_config('app.enrols_arrivals', '', true);
    end loop;
    return null;
end;
$$;

create or replace trigger enrol_in_the_only_run after insert on students
referencing new table as new_rows for each statement execute function enrol_in_the_only_run();

revoke execute on function first_course(uuid) from public;
revoke execute on function put_video_into_course() from public;
revoke execute on function put_quiz_into_course() from public;
revoke execute on function enrol_in_the_only_run() from public;
grant execute on function first_course(uuid) to dashboard_app;
