-- The answers of first attempts, question by question.

-- The answers of the first attempts of these pairs. One verdict changes the rest score of the answers next to it, so an attempt
-- is always folded as a whole.
create or replace function fold_first_answers(
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
    added_to constant uuid := (select students_added_to from creator_generations where creator_id = creator and generation = folded_generation);
    moment constant timestamptz := dashboard_now();
    questions_touched uuid[];
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

    answers_found as (
        select
            pairs.student_id,
            pairs.quiz_id,
            answers.question_id,
            answers.edition,
            answers.answer,
            answers.is_correct
        from pairs
        cross join lateral (
            select
                question_id,
                edition,
                answer,
                is_correct,
                completed_at
            from answers_given
            where
                creator_id = creator
                and quiz_id = pairs.quiz_id
                and student_id = pairs.student_id
                and attempt_number = 1
                and completed_at <= moment
            offset 0
        ) as answers
        where
            pairs.is_counted
            and pairs.student_id in (select here.student_id from unnest(students_here) as here (student_id))
            and (
                folded_run = 0
                or exists (
                    select
                    from unnest(students_here, stays_begun, stays_ended) as staying (student_id, began_at, ended_at)
                    where
                        staying.student_id = pairs.student_id
                        and staying.began_at <= answers.completed_at
                        and answers.completed_at < staying.ended_at
                )
            )
    ),

    signed_rows as (
        select
            folded_course as course,
            folded_run as run,
            student_id,
            quiz_id,
            (count(*) filter (where is_correct))::integer as correct,
            array_agg(question_id order by question_id) as question_ids,
            array_agg(edition order by question_id) as editions,
            array_agg(answer order by question_id) as answers,
            array_agg(is_correct order by question_id) as are_correct,
            1 as sign,
            null::tid as place
        from answers_found
        group by
            student_id,
            quiz_id
        union all
        select
            known.course,
            known.run,
            known.student_id,
            known.quiz_id,
            known.correct,
            known.question_ids,
            known.editions,
            known.answers,
            known.are_correct,
            -1,
            known.place
        from pairs
        cross join lateral (
            select
                first_answers.ctid as place,
                first_answers.*
            from first_answers
            where
                first_answers.creator_id = creator
                and first_answers.generation = folded_generation
                and first_answers.course = folded_course
                and first_answers.run = folded_run
                and first_answers.student_id = pairs.student_id
                and first_answers.quiz_id = pairs.quiz_id
            offset 0
        ) as known
    ),

    -- New rows with 1, old ones with -1; unchanged rows are left out.
    rows_changed as materialized (
        select
            course,
            run,
            student_id,
            quiz_id,
            correct,
            question_ids,
            editions,
            answers,
            are_correct,
            sum(sign)::integer as sign,
            max(place) as place
        from signed_rows
        group by
            course,
            run,
            student_id,
            quiz_id,
            correct,
            question_ids,
            editions,
            answers,
            are_correct
        having sum(sign) <> 0
    ),

    rows_dropped as (
        delete from first_answers
        where
            creator_id = creator
            and ctid = any(array(
                select max(place)
                from rows_changed
                group by
                    course,
                    run,
                    student_id,
                    quiz_id
                having max(sign) < 0
            ))
    ),

    rows_kept as (
        insert into first_answers (
            creator_id, generation, course, run, student_id, quiz_id, correct, question_ids, editions, answers, are_correct
        )
        select
            creator,
            folded_generation,
            course,
            run,
            student_id,
            quiz_id,
            correct,
            question_ids,
            editions,
            answers,
            are_correct
        from rows_changed
        where sign > 0
        on conflict (creator_id, generation, course, run, student_id, quiz_id) do update set
            correct = excluded.correct,
            question_ids = excluded.question_ids,
            editions = excluded.editions,
            answers = excluded.answers,
            are_correct = excluded.are_correct
    ),

    rows_added as (
        select
            course,
            run,
            correct,
            question_ids,
            editions,
            answers,
            are_correct,
            sign
        from rows_changed
        where student_id <= added_to
        union all
        select
            course,
            run,
            correct,
            question_ids,
            editions,
            answers,
            are_correct,
            1
        from first_answers
        where
            creator_id = creator
            and generation = folded_generation
            and course = folded_course
            and run = folded_run
            and student_id > slice_after
            and student_id <= slice_to
    ),

    signed_answers as materialized (
        select
            rows_added.course,
            rows_added.run,
            given.question_id,
            given.edition,
            given.answer,
            given.is_correct,
            round(
                10000.0 * (rows_added.correct - given.is_correct::integer) / nullif(cardinality(rows_added.question_ids) - 1, 0)
            )::bigint as rest,
            rows_added.sign
        from rows_added
        cross join lateral unnest(rows_added.question_ids, rows_added.editions, rows_added.answers, rows_added.are_correct)
            as given (question_id, edition, answer, is_correct)
    ),

    questions_changed as (
        insert into question_results as known (
            creator_id, generation, course, run, question_id, edition,
            answers, correct, rest_count, rest_sum, rest_square_sum, correct_rest_count, correct_rest_sum
        )
        select
            creator,
            folded_generation,
            course,
            run,
            question_id,
            edition,
            sum(sign),
            sum(sign * is_correct::integer),
            coalesce(sum(sign) filter (where rest is not null), 0),
            coalesce(sum(sign * rest), 0),
            coalesce(sum(sign * rest * rest), 0),
            coalesce(sum(sign) filter (where is_correct and rest is not null), 0),
            coalesce(sum(sign * rest) filter (where is_correct), 0)
        from signed_answers
        group by
            course,
            run,
            question_id,
            edition
        on conflict (creator_id, generation, course, run, question_id, edition) do update set
            answers = known.answers + excluded.answers,
            correct = known.correct + excluded.correct,
            rest_count = known.rest_count + excluded.rest_count,
            rest_sum = known.rest_sum + excluded.rest_sum,
            rest_square_sum = known.rest_square_sum + excluded.rest_square_sum,
            correct_rest_count = known.correct_rest_count + excluded.correct_rest_count,
            correct_rest_sum = known.correct_rest_sum + excluded.correct_rest_sum
    ),

    answers_counted as (
        select
            course,
            run,
            question_id,
            edition,
            answer,
            sum(sign) as students,
            sum(sign * is_correct::integer) as correct,
            coalesce(sum(sign) filter (where not is_correct and rest is not null), 0) as wrong_rest_count,
            coalesce(sum(sign * rest) filter (where not is_correct), 0) as wrong_rest_sum
        from signed_answers
        group by
            course,
            run,
            question_id,
            edition,
            answer
    ),

    answers_changed as (
        insert into question_answers as known (
            creator_id, generation, course, run, question_id, edition, answer_key, answer,
            students, correct, wrong_rest_count, wrong_rest_sum
        )
        select
            creator,
            folded_generation,
            course,
            run,
            question_id,
            edition,
            answer_key(answer),
            answer,
            students,
            correct,
            wrong_rest_count,
            wrong_rest_sum
        from answers_counted
        where (students, correct, wrong_rest_count, wrong_rest_sum) <> (0, 0, 0, 0)
        on conflict (creator_id, generation, course, run, question_id, edition, answer_key) do update set
            students = known.students + excluded.students,
            correct = known.correct + excluded.correct,
            wrong_rest_count = known.wrong_rest_count + excluded.wrong_rest_count,
            wrong_rest_sum = known.wrong_rest_sum + excluded.wrong_rest_sum
    )

    select array_agg(distinct question_id) into questions_touched
    from signed_answers
    where sign < 0;

    delete from question_results
    where
        creator_id = creator
        and generation = folded_generation
        and question_id = any(questions_touched)
        and answers = 0;
    delete from question_answers
    where
        creator_id = creator
        and generation = folded_generation
        and question_id = any(questions_touched)
        and students = 0;
end;
$$;

revoke execute on function fold_first_answers(uuid, integer, integer, integer, uuid[], uuid[], uuid[], timestamptz[], timestamptz[], uuid, uuid) from public;
