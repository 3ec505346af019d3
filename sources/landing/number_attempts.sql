-- One row per attempt of these pairs whose number is another one: those without a number of their own are counted in order
-- of their instants, around those that have one.
with pairs as (
    select distinct
        given.quiz_id,
        given.student_id
    from unnest(cast(:quizzes as uuid[]), cast(:students as uuid[])) as given (quiz_id, student_id)
),

attempts as (
    select
        quiz_attempts.id,
        quiz_attempts.quiz_id,
        quiz_attempts.student_id,
        quiz_attempts.completed_at,
        quiz_attempts.attempt_number,
        case
            when quiz_attempts.import_number is null then quiz_attempts.attempt_number
            else quiz_attempts.given_number
        end as fixed_number
    from pairs
    join quiz_attempts
        on
            quiz_attempts.creator_id = :creator_id
            and quiz_attempts.quiz_id = pairs.quiz_id
            and quiz_attempts.student_id = pairs.student_id
),

counted as (
    select
        id,
        quiz_id,
        student_id,
        attempt_number,
        row_number() over (
            partition by
                quiz_id,
                student_id
            order by
                completed_at,
                id
        ) as place
    from attempts
    where fixed_number is null
),

free_numbers as (
    select
        sizes.quiz_id,
        sizes.student_id,
        numbers.number,
        row_number() over (
            partition by
                sizes.quiz_id,
                sizes.student_id
            order by numbers.number
        ) as place
    from (
        select
            quiz_id,
            student_id,
            count(*) as attempts
        from attempts
        group by
            quiz_id,
            student_id
    ) as sizes
    cross join lateral generate_series(1, sizes.attempts) as numbers (number)
    where
        not exists (
            select
            from attempts as fixed
            where
                fixed.quiz_id = sizes.quiz_id
                and fixed.student_id = sizes.student_id
                and fixed.fixed_number = numbers.number
        )
),

numbered as (
    select
        counted.id,
        counted.attempt_number,
        free_numbers.number
    from counted
    join free_numbers
        on
            free_numbers.quiz_id = counted.quiz_id
            and free_numbers.student_id = counted.student_id
            and free_numbers.place = counted.place

    union all

    select
        id,
        attempt_number,
        fixed_number
    from attempts
    where fixed_number is not null
)

select
    id,
    number
from numbered
where number <> attempt_number
