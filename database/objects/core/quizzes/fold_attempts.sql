-- Attempts at quizzes, and what they add up to.

-- The attempts of these pairs of a student and a quiz, which are distinct, and what they add up to.
create or replace function fold_attempts(
    creator uuid,
    folded_generation integer,
    folded_course integer,
    folded_run integer,
    takers uuid[],
    taken uuid[],
    students_here uuid[],
    stays_begun timestamptz[],
    stays_ended timestamptz[],
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
begin
    -- Laterals with an offset: each pair looks up its own rows, and no plan runs the other way round, whatever the statistics
    -- say.
    with pairs as materialized (
        select
            named.student_id,
            named.quiz_id,
            quizzes.is_counted
        from unnest(takers, taken) as named (student_id, quiz_id)
        left join lateral (
            select deleted_at is null as is_counted
            from quizzes
            where
                creator_id = creator
                and id = named.quiz_id
            offset 0
        ) as quizzes on true
    ),

    attempts_found as materialized (
        select
            pairs.student_id,
            pairs.quiz_id,
            pairs.is_counted,
            attempts.attempt_number,
            attempts.completed_at,
            (attempts.completed_at at time zone zone)::date as day,
            round(attempts.score_percent * 100)::integer as score_hundredths,
            least(floor(attempts.score_percent / 10), 9)::smallint as tenth,
            attempts.passed,
            attempts.time_taken_seconds
        from pairs
        cross join lateral (
            select
                attempt_number,
                completed_at,
                score_percent,
                passed,
                time_taken_seconds
            from quiz_attempts
            where
                creator_id = creator
                and quiz_id = pairs.quiz_id
                and student_id = pairs.student_id
                and completed_at <= moment
            offset 0
        ) as attempts
        where
            pairs.student_id in (select here.student_id from unnest(students_here) as here (student_id))
            and (
                folded_run = 0
                or exists (
                    select
                    from unnest(students_here, stays_begun, stays_ended) as staying (student_id, began_at, ended_at)
                    where
                        staying.student_id = pairs.student_id
                        and staying.began_at <= attempts.completed_at
                        and attempts.completed_at < staying.ended_at
                )
            )
    ),

    signed_attempts as (
        select
            folded_course as course,
            folded_run as run,
            student_id,
            quiz_id,
            attempt_number,
            completed_at,
            day,
            score_hundredths,
            tenth,
            passed,
            1 as sign,
            null::tid as place
        from attempts_found
        where is_counted
        union all
        select
            known.course,
            known.run,
            known.student_id,
            known.quiz_id,
            known.attempt_number,
            known.completed_at,
            known.day,
            known.score_hundredths,
            known.tenth,
            known.passed,
            -1,
            known.place
        from pairs
        cross join lateral (
            select
                dated_attempts.ctid as place,
                dated_attempts.*
            from dated_attempts
            where
                dated_attempts.creator_id = creator
                and dated_attempts.generation = folded_generation
                and dated_attempts.course = folded_course
                and dated_attempts.run = folded_run
                and dated_attempts.student_id = pairs.student_id
                and dated_attempts.quiz_id = pairs.quiz_id
            offset 0
        ) as known
    ),

    -- New rows with 1, old ones with -1; unchanged rows are left out.
    attempts_changed as materialized (
        select
            course,
            run,
            student_id,
            quiz_id,
            attempt_number,
            completed_at,
            day,
            score_hundredths,
            tenth,
            passed,
            sum(sign)::integer as sign,
            max(place) as place
        from signed_attempts
        group by
            course,
            run,
            student_id,
            quiz_id,
            attempt_number,
            completed_at,
            day,
            score_hundredths,
            tenth,
            passed
        having sum(sign) <> 0
    ),

    attempts_dropped as (
        delete from dated_attempts
        where
            creator_id = creator
            and ctid = any(array(
                select max(place)
                from attempts_changed
                group by
                    course,
                    run,
                    student_id,
                    quiz_id,
                    attempt_number
                having max(sign) < 0
            ))
    ),

    attempts_kept as (
        insert into dated_attempts (
            creator_id, generation, course, run, student_id, quiz_id, attempt_number,
            completed_at, day, score_hundredths, tenth, passed
        )
        select
            creator,
            folded_generation,
            course,
            run,
            student_id,
            quiz_id,
            attempt_number,
            completed_at,
            day,
            score_hundredths,
            tenth,
            passed
        from attempts_changed
        where sign > 0
        on conflict (creator_id, generation, course, run, student_id, quiz_id, attempt_number) do update set
            completed_at = excluded.completed_at,
            day = excluded.day,
            score_hundredths = excluded.score_hundredths,
            tenth = excluded.tenth,
            passed = excluded.passed
    ),

    signed_quizzes as (
        select
            folded_course as course,
            folded_run as run,
            student_id,
            quiz_id,
            is_counted,
            count(*)::integer as attempts,
            (count(*) filter (where passed))::integer as passed,
            max(score_hundredths) filter (where attempt_number = 1) as first_score_hundredths,
            bool_or(passed) filter (where attempt_number = 1) as first_passed,
            max(score_hundredths) as best_score_hundredths,
            sum(score_hundredths) as score_sum,
            coalesce(sum(time_taken_seconds), 0) as time_sum,
            count(time_taken_seconds)::integer as time_count,
            max(completed_at) as last_at,
            1 as sign,
            null::tid as place
        from attempts_found
        group by
            student_id,
            quiz_id,
            is_counted
        union all
        select
            known.course,
            known.run,
            known.student_id,
            known.quiz_id,
            known.is_counted,
            known.attempts,
            known.passed,
            known.first_score_hundredths,
            known.first_passed,
            known.best_score_hundredths,
            known.score_sum,
            known.time_sum,
            known.time_count,
            known.last_at,
            -1,
            known.place
        from pairs
        cross join lateral (
            select
                taken_quizzes.ctid as place,
                taken_quizzes.*
            from taken_quizzes
            where
                taken_quizzes.creator_id = creator
                and taken_quizzes.generation = folded_generation
                and taken_quizzes.course = folded_course
                and taken_quizzes.run = folded_run
                and taken_quizzes.student_id = pairs.student_id
                and taken_quizzes.quiz_id = pairs.quiz_id
            offset 0
        ) as known
    ),

    quizzes_changed as materialized (
        select
            course,
            run,
            student_id,
            quiz_id,
            is_counted,
            attempts,
            passed,
            first_score_hundredths,
            first_passed,
            best_score_hundredths,
            score_sum,
            time_sum,
            time_count,
            last_at,
            sum(sign)::integer as sign,
            max(place) as place
        from signed_quizzes
        group by
            course,
            run,
            student_id,
            quiz_id,
            is_counted,
            attempts,
            passed,
            first_score_hundredths,
            first_passed,
            best_score_hundredths,
            score_sum,
            time_sum,
            time_count,
            last_at
        having sum(sign) <> 0
    ),

    quizzes_dropped as (
        delete from taken_quizzes
        where
            creator_id = creator
            and ctid = any(array(
                select max(place)
                from quizzes_changed
                group by
                    course,
                    run,
                    student_id,
                    quiz_id
                having max(sign) < 0
            ))
    ),

    quizzes_kept as (
        insert into taken_quizzes (
            creator_id, generation, course, run, student_id, quiz_id, is_counted, attempts, passed,
            first_score_hundredths, first_passed, best_score_hundredths, score_sum, time_sum, time_count, last_at
        )
        select
            creator,
            folded_generation,
            course,
            run,
            student_id,
            quiz_id,
            is_counted,
            attempts,
            passed,
            first_score_hundredths,
            first_passed,
            best_score_hundredths,
            score_sum,
            time_sum,
            time_count,
            last_at
        from quizzes_changed
        where sign > 0
        on conflict (creator_id, generation, course, run, student_id, quiz_id) do update set
            is_counted = excluded.is_counted,
            attempts = excluded.attempts,
            passed = excluded.passed,
            first_score_hundredths = excluded.first_score_hundredths,
            first_passed = excluded.first_passed,
            best_score_hundredths = excluded.best_score_hundredths,
            score_sum = excluded.score_sum,
            time_sum = excluded.time_sum,
            time_count = excluded.time_count,
            last_at = excluded.last_at
    ),

    attempts_added as materialized (
        select
            course,
            run,
            quiz_id,
            attempt_number,
            day,
            score_hundredths,
            tenth,
            passed,
            sign
        from attempts_changed
        where student_id <= added_to
        union all
        select
            course,
            run,
            quiz_id,
            attempt_number,
            day,
            score_hundredths,
            tenth,
            passed,
            1
        from dated_attempts
        where
            creator_id = creator
            and generation = folded_generation
            and course = folded_course
            and run = folded_run
            and student_id > slice_after
            and student_id <= slice_to
    ),

    quizzes_added as materialized (
        select
            course,
            run,
            quiz_id,
            is_counted,
            attempts,
            passed,
            first_passed,
            score_sum,
            time_sum,
            time_count,
            sign
        from quizzes_changed
        where student_id <= added_to
        union all
        select
            course,
            run,
            quiz_id,
            is_counted,
            attempts,
            passed,
            first_passed,
            score_sum,
            time_sum,
            time_count,
            1
        from taken_quizzes
        where
            creator_id = creator
            and generation = folded_generation
            and course = folded_course
            and run = folded_run
            and student_id > slice_after
            and student_id <= slice_to
    ),

    days_changed as (
        insert into days as known (creator_id, generation, course, run, day, attempts, passed, score_sum)
        select
            creator,
            folded_generation,
            course,
            run,
            day,
            sum(sign),
            sum(sign * passed::integer),
            sum(sign * score_hundredths)
        from attempts_added
        group by
            course,
            run,
            day
        having (sum(sign), sum(sign * passed::integer), sum(sign * score_hundredths)) <> (0, 0, 0)
        on conflict (creator_id, generation, course, run, day) do update set
            attempts = known.attempts + excluded.attempts,
            passed = known.passed + excluded.passed,
            score_sum = known.score_sum + excluded.score_sum
    ),

    scores_changed as (
        insert into quiz_scores as known (creator_id, generation, course, run, quiz_id, tenth, first_attempts, later_attempts)
        select
            creator,
            folded_generation,
            course,
            run,
            quiz_id,
            tenth,
            sum(sign * (attempt_number = 1)::integer),
            sum(sign * (attempt_number > 1)::integer)
        from attempts_added
        group by
            course,
            run,
            quiz_id,
            tenth
        having (sum(sign * (attempt_number = 1)::integer), sum(sign * (attempt_number > 1)::integer)) <> (0, 0)
        on conflict (creator_id, generation, course, run, quiz_id, tenth) do update set
            first_attempts = known.first_attempts + excluded.first_attempts,
            later_attempts = known.later_attempts + excluded.later_attempts
    ),

    totals_changed as (
        insert into quiz_totals as known (
            creator_id, generation, course, run, quiz_id,
            attempts, students, passed, first_attempts, first_passed, score_sum, time_sum, time_count
        )
        select
            creator,
            folded_generation,
            course,
            run,
            quiz_id,
            sum(sign * attempts),
            sum(sign),
            sum(sign * passed),
            sum(sign * (first_passed is not null)::integer),
            sum(sign * coalesce(first_passed, false)::integer),
            sum(sign * score_sum),
            sum(sign * time_sum),
            sum(sign * time_count)
        from quizzes_added
        where is_counted
        group by
            course,
            run,
            quiz_id
        having
            (
                sum(sign * attempts), sum(sign), sum(sign * passed), sum(sign * (first_passed is not null)::integer),
                sum(sign * coalesce(first_passed, false)::integer), sum(sign * score_sum), sum(sign * time_sum),
                sum(sign * time_count)
            )
            <> (0, 0, 0, 0, 0, 0, 0, 0)
        on conflict (creator_id, generation, course, run, quiz_id) do update set
            attempts = known.attempts + excluded.attempts,
            students = known.students + excluded.students,
            passed = known.passed + excluded.passed,
            first_attempts = known.first_attempts + excluded.first_attempts,
            first_passed = known.first_passed + excluded.first_passed,
            score_sum = known.score_sum + excluded.score_sum,
            time_sum = known.time_sum + excluded.time_sum,
            time_count = known.time_count + excluded.time_count
    ),

    students_changed as (
        insert into student_totals as known (creator_id, generation, course, run, student_id, attempts, passed)
        select
            creator,
            folded_generation,
            course,
            run,
            student_id,
            sum(sign * attempts),
            sum(sign * passed)
        from quizzes_changed
        group by
            course,
            run,
            student_id
        having (sum(sign * attempts), sum(sign * passed)) <> (0, 0)
        on conflict (creator_id, generation, course, run, student_id) do update set
            attempts = known.attempts + excluded.attempts,
            passed = known.passed + excluded.passed
    )

    insert into course_totals as known (creator_id, generation, course, run, attempts, passed)
    select
        creator,
        folded_generation,
        course,
        run,
        sum(sign * attempts),
        sum(sign * passed)
    from quizzes_added
    group by
        course,
        run
    having (sum(sign * attempts), sum(sign * passed)) <> (0, 0)
    on conflict (creator_id, generation, course, run) do update set
        attempts = known.attempts + excluded.attempts,
        passed = known.passed + excluded.passed;

    delete from quiz_totals
    where
        creator_id = creator
        and generation = folded_generation
        and quiz_id = any(taken)
        and attempts = 0;
    delete from quiz_scores
    where
        creator_id = creator
        and generation = folded_generation
        and quiz_id = any(taken)
        and (first_attempts, later_attempts) = (0, 0);
end;
$$;

revoke execute on function fold_attempts(uuid, integer, integer, integer, uuid[], uuid[], uuid[], timestamptz[], timestamptz[], uuid, uuid) from public;
