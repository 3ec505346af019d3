-- One row per creator and student who is enrolled: the sums of the generation that is shown, over all courses and
-- runs, and when the student was last active, up to the clock.
create or replace view shown_student_totals with (security_invoker = true) as
select
    student_totals.creator_id,
    student_totals.generation,
    student_totals.student_id,
    student_totals.first_at,
    student_totals.last_at,
    case
        -- A fixed clock may stand before the last activity: then it is the last quarter of an hour that began by then.
        when student_totals.last_at > (select dashboard_now())
            then (
                select
                    case
                        when student_days.last_at <= (select dashboard_now()) then student_days.last_at
                        else greatest(
                            student_days.first_at,
                            (
                                select max((student_days.day::timestamp at time zone shown_generations.timezone) + told.quarter * interval '15 minutes')
                                from unnest(student_days.quarters) as told (quarter)
                                where
                                    (student_days.day::timestamp at time zone shown_generations.timezone) + told.quarter * interval '15 minutes'
                                    < (select dashboard_now())
                            )
                        )
                    end
                from student_days
                where
                    student_days.creator_id = student_totals.creator_id
                    and student_days.generation = student_totals.generation
                    and student_days.course = 0
                    and student_days.run = 0
                    and student_days.student_id = student_totals.student_id
                    and student_days.first_at <= (select dashboard_now())
                order by student_days.day desc
                limit 1
            )
        else student_totals.last_at
    end as last_active,
    student_totals.seen_days,
    student_totals.videos_watched,
    student_totals.videos_completed,
    student_totals.share_sum,
    student_totals.share_count,
    student_totals.watched_seconds,
    student_totals.attempts,
    student_totals.passed,
    student_totals.failed_in_a_row,
    student_totals.questions,
    student_totals.furthest_video,
    student_totals.furthest_completed
from shown_generations
join student_totals
    on
    student_totals.creator_id = shown_generations.creator_id
    and student_totals.generation = shown_generations.generation
where
    student_totals.course = 0
    and student_totals.run = 0;

grant select on shown_student_totals to dashboard_app;
