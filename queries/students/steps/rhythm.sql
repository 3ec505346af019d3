-- How regularly a student comes: columns of their row of student_engagement_tiers, along with shown. Up to the clock: if the
-- newest activity lies after it, the days and attempts until then are read.

-- The mean number of days between two days with an activity, once there are three such days.
case
    when last_at > (select instant from shown)
        then (
            select (max(student_days.day) - min(student_days.day))::numeric / (count(*) - 1)
            from student_days
            where
                student_days.creator_id = :creator_id
                and student_days.generation = (select generation from shown)
                and student_days.course = :course
                and student_days.run = :run
                and student_days.student_id = student_engagement_tiers.student_id
                and student_days.first_at <= (select instant from shown)
            having count(*) >= 3
        )
    when seen_days >= 3
        then (
            (last_at at time zone (select timezone from shown))::date
            - (first_at at time zone (select timezone from shown))::date
        )::numeric / (seen_days - 1)
end as usual_gap_days,
-- Failed attempts since the last passed one.
case
    when last_at > (select instant from shown)
        then (
            select coalesce(min(ranked.place) filter (where ranked.passed) - 1, count(*))
            from (
                select
                    quiz_attempts.passed,
                    row_number() over (
                        order by
                            quiz_attempts.completed_at desc,
                            quiz_attempts.attempt_number desc,
                            quiz_attempts.id asc
                    ) as place
                from quiz_attempts
                where
                    quiz_attempts.creator_id = :creator_id
                    and quiz_attempts.student_id = student_engagement_tiers.student_id
                    and quiz_attempts.completed_at <= (select instant from shown)
                    and (
                        -- include: queries/steps/attempt_of_the_level
                    )
            ) as ranked
        )
    else student_engagement_tiers.failed_in_a_row
end as failed_in_a_row,
coalesce(last_at > (select instant from shown), false) as has_come_back
