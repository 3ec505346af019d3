-- One row: the attempts of this period and of the one it is compared with.
with

-- include: queries/quizzes/steps/results,

students_counted as (
    select
        count(*) filter (where quiz_takers.days && bounds.days_until_today) as until_today,
        count(*) filter (where quiz_takers.days && bounds.days_before) as before
    from bounds
    join quiz_takers
        on quiz_takers.creator_id = bounds.creator_id
        and quiz_takers.generation = bounds.generation
        and quiz_takers.course = :course
        and quiz_takers.run = :run
),

takers_of_today as materialized (
    select distinct
        dated_attempts.creator_id,
        dated_attempts.student_id
    from bounds
    join dated_attempts
        on dated_attempts.creator_id = bounds.creator_id
        and dated_attempts.generation = bounds.generation
        and dated_attempts.course = :course
        and dated_attempts.run = :run
        and dated_attempts.day = bounds.today
        and dated_attempts.completed_at <= bounds.instant
    where bounds.is_running
),

students_of_today as (
    -- Students of the running day who were not counted on the days before it: each is looked up.
    select
        count(*) filter (
            where
                not (
                    select quiz_takers.days && bounds.days_until_today
                    from quiz_takers
                    where
                        quiz_takers.creator_id = takers_of_today.creator_id
                        and quiz_takers.generation = bounds.generation
                        and quiz_takers.course = :course
                        and quiz_takers.run = :run
                        and quiz_takers.student_id = takers_of_today.student_id
                )
        ) as students
    from bounds
    join takers_of_today on takers_of_today.creator_id = bounds.creator_id
)

select
    coalesce(sum(results.attempts) filter (where calendar."window" = 'this'), 0)::bigint as attempts,
    coalesce(sum(results.attempts) filter (where calendar."window" = 'previous'), 0)::bigint as attempts_before,
    coalesce(sum(results.passed) filter (where calendar."window" = 'this'), 0)::bigint as passed,
    coalesce(sum(results.passed) filter (where calendar."window" = 'previous'), 0)::bigint as passed_before,
    (select until_today from students_counted) + (select students from students_of_today) as students,
    (select before from students_counted) as students_before,
    sum(results.score_sum) filter (where calendar."window" = 'this') / 100.0
    / nullif(sum(results.attempts) filter (where calendar."window" = 'this'), 0) as mean_score_percent,
    sum(results.score_sum) filter (where calendar."window" = 'previous') / 100.0
    / nullif(sum(results.attempts) filter (where calendar."window" = 'previous'), 0) as mean_score_percent_before
from calendar
left join results
    on results.creator_id = calendar.creator_id
    and results.day = calendar.day
