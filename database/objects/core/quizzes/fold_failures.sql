-- How many attempts each of these students has failed since their last passed one: an order statistic of their attempts at all
-- quizzes, including withdrawn ones. Called after the folds that keep a student's row.
create or replace function fold_failures(
    creator uuid,
    folded_generation integer,
    folded_course integer,
    folded_run integer,
    students_named uuid[]
)
returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
set enable_mergejoin = off
set enable_seqscan = off
set jit = off
as $$
declare
    moment constant timestamptz := dashboard_now();
    quizzes_read constant uuid[] := case when folded_course <> 0 then quizzes_at_level(creator, folded_course) end;
    members constant record := stays_at_level(creator, folded_course, folded_run, students_named);
begin
    with attempts_ranked as (
        select
            student_id,
            passed,
            row_number() over (
                partition by student_id
                order by
                    completed_at desc,
                    attempt_number desc,
                    id asc
            ) as place
        from quiz_attempts
        where
            creator_id = creator
            and student_id = any(students_named)
            and completed_at <= moment
            and (
                folded_course = 0
                or (
                    quiz_id in (select named.quiz_id from unnest(quizzes_read) as named (quiz_id))
                    and exists (
                        select
                        from unnest(members.students, members.starts, members.ends) as staying (student_id, began_at, ended_at)
                        where
                            staying.student_id = quiz_attempts.student_id
                            and staying.began_at <= quiz_attempts.completed_at
                            and quiz_attempts.completed_at < staying.ended_at
                    )
                )
            )
    ),

    failures_counted as (
        select
            student_id,
            coalesce(min(place) filter (where passed) - 1, count(*)) as failed_in_a_row
        from attempts_ranked
        group by student_id
    )

    -- An upsert of existing rows: the statistics would decide how an update from a join is planned.
    insert into student_totals (creator_id, generation, course, run, student_id, failed_in_a_row)
    select
        creator,
        folded_generation,
        folded_course,
        folded_run,
        judged.student_id,
        judged.failed_in_a_row
    from (
        select
            named.student_id,
            coalesce(max(failures_counted.failed_in_a_row), 0) as failed_in_a_row
        from unnest(students_named) as named (student_id)
        left join failures_counted on failures_counted.student_id = named.student_id
        group by named.student_id
    ) as judged
    cross join lateral (
        select failed_in_a_row
        from student_totals
        where
            creator_id = creator
            and generation = folded_generation
            and course = folded_course
            and run = folded_run
            and student_id = judged.student_id
        offset 0
    ) as known
    where known.failed_in_a_row <> judged.failed_in_a_row
    on conflict (creator_id, generation, course, run, student_id) do update set failed_in_a_row = excluded.failed_in_a_row;
end;
$$;

revoke execute on function fold_failures(uuid, integer, integer, integer, uuid[]) from public;
