-- One row: which generation of the creator's figures is shown, and where the clock is in it. A creator who was never refreshed
-- has no generation: nothing is found for 0. The figures of a day are sums up to the newest activity that a refresh has seen.
-- If the clock is before that (in a past week, or fixed in the middle of loaded data), is_behind is true, and the clock's own
-- day is read from rows up to the clock.
--
-- Row level security lets only conditions with leakproof functions use an index: compare with plain columns of a materialized
-- row, and with the clock as a scalar subquery. The newest activity is one index look-up; with `exists`, the planner expects to
-- find somebody soon, and reads all students if there is nobody.
shown as materialized (
    select
        creators.id as creator_id,
        coalesce(shown_generations.generation, 0) as generation,
        coalesce(shown_generations.timezone, creators.timezone) as timezone,
        dashboard_now() as instant,
        (dashboard_now() at time zone coalesce(shown_generations.timezone, creators.timezone))::date as today,
        coalesce(
            (
                select student_totals.last_at
                from student_totals
                where
                    student_totals.creator_id = creators.id
                    and student_totals.generation = shown_generations.generation
                    and student_totals.course = :course
                    and student_totals.run = :run
                order by student_totals.last_at desc nulls last
                limit 1
            ) > dashboard_now(),
            false
        ) as is_behind
    from creators
    left join shown_generations on shown_generations.creator_id = creators.id
    where creators.id = :creator_id
)
