-- Refold the quizzes that students took. A key without a quiz means every quiz of the student.
-- One plan that goes by the keys, whatever the statistics say: it is kept while these tables grow from nothing.
create or replace function fold_quizzes(
    creator uuid,
    folded_generation integer,
    folded_course integer,
    folded_run integer,
    students_named uuid[],
    quizzes_named uuid[],
    slice_after uuid default null,
    slice_to uuid default null
)
returns void
language plpgsql
set plan_cache_mode = 'force_generic_plan'
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
    whole constant uuid[] := array(
        select student_id from unnest(students_named, quizzes_named) as named (student_id, quiz_id) where quiz_id is null
    );
    takers uuid[];
    taken uuid[];
    members record;
begin
    select
        array_agg(student_id order by student_id, quiz_id),
        array_agg(quiz_id order by student_id, quiz_id)
    into takers, taken
    from (
        select distinct
            student_id,
            quiz_id
        from unnest(students_named, quizzes_named) as named (student_id, quiz_id)
        where quiz_id is not null
    ) as pairs;
    if whole <> '{}' then
        select
            array_agg(student_id order by student_id, quiz_id),
            array_agg(quiz_id order by student_id, quiz_id)
        into takers, taken
        from (
            select
                student_id,
                quiz_id
            from unnest(takers, taken) as named (student_id, quiz_id)
            union
            select
                student_id,
                quiz_id
            from quiz_attempts
            where
                creator_id = creator
                and student_id = any(whole)
            union
            select
                student_id,
                quiz_id
            from taken_quizzes
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = any(whole)
        ) as pairs;
    end if;
    if folded_course <> 0 and takers is not null then
        select
            array_agg(named.student_id order by named.student_id, named.quiz_id),
            array_agg(named.quiz_id order by named.student_id, named.quiz_id)
        into takers, taken
        from unnest(takers, taken) as named (student_id, quiz_id)
        where named.quiz_id in (select known.quiz_id from unnest(quizzes_at_level(creator, folded_course)) as known (quiz_id));
    end if;
    if takers is null and slice_to is null then
        return;
    end if;
    members := stays_at_level(creator, folded_course, folded_run, takers);
    perform fold_attempts(creator, folded_generation, folded_course, folded_run, takers, taken, members.students, members.starts, members.ends, slice_after, slice_to);
    perform fold_takers(creator, folded_generation, folded_course, folded_run, takers);
    perform fold_first_answers(creator, folded_generation, folded_course, folded_run, takers, taken, members.students, members.starts, members.ends, slice_after, slice_to);
end;
$$;

-- Delete rows of a generation that nobody sees, at most `most_rows` from each relation. Returns how many were deleted.
create or replace function clear_quizzes(creator uuid, old_generation integer, most_rows integer)
returns integer
language plpgsql
as $$
declare
    cleared integer := 0;
    deleted integer;
begin
    delete from dated_attempts
    where ctid = any(array(select ctid from dated_attempts where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from quiz_takers
    where ctid = any(array(select ctid from quiz_takers where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from taken_quizzes
    where ctid = any(array(select ctid from taken_quizzes where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from first_answers
    where ctid = any(array(select ctid from first_answers where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from quiz_totals
    where ctid = any(array(select ctid from quiz_totals where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from quiz_scores
    where ctid = any(array(select ctid from quiz_scores where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from question_results
    where ctid = any(array(select ctid from question_results where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from question_answers
    where ctid = any(array(select ctid from question_answers where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    return cleared + deleted;
end;
$$;

revoke execute on function fold_quizzes(uuid, integer, integer, integer, uuid[], uuid[], uuid, uuid) from public;
revoke execute on function clear_quizzes(uuid, integer, integer) from public;
