-- The days on which a student took quizzes.

-- The days on which these students took quizzes, from the attempts that are folded already.
create or replace function fold_takers(
    creator uuid,
    folded_generation integer,
    folded_course integer,
    folded_run integer,
    takers uuid[]
)
returns void
language plpgsql
as $$
begin
    with days_found as materialized (
        select
            named.student_id,
            (
                select range_agg(daterange(dated_attempts.day, dated_attempts.day + 1))
                from dated_attempts
                where
                    dated_attempts.creator_id = creator
                    and dated_attempts.generation = folded_generation
                    and dated_attempts.course = folded_course
                    and dated_attempts.run = folded_run
                    and dated_attempts.student_id = named.student_id
            ) as days,
            (
                select quiz_takers.ctid
                from quiz_takers
                where
                    quiz_takers.creator_id = creator
                    and quiz_takers.generation = folded_generation
                    and quiz_takers.course = folded_course
                    and quiz_takers.run = folded_run
                    and quiz_takers.student_id = named.student_id
            ) as place
        from (select distinct student_id from unnest(takers) as taker (student_id)) as named
    ),

    rows_dropped as (
        delete from quiz_takers
        where
            creator_id = creator
            and ctid = any(array(select place from days_found where days is null and place is not null))
    )

    insert into quiz_takers as known (creator_id, generation, course, run, student_id, days)
    select
        creator,
        folded_generation,
        folded_course,
        folded_run,
        student_id,
        days
    from days_found
    where days is not null
    on conflict (creator_id, generation, course, run, student_id) do update set days = excluded.days
    where known.days <> excluded.days;
end;
$$;

revoke execute on function fold_takers(uuid, integer, integer, integer, uuid[]) from public;
