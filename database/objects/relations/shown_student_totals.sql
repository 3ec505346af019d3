-- One row per creator, course, run and student who is enrolled there (0 means every one): the sums of the generation that is
-- shown, and when the student was last active, up to the clock.
create or replace view level_student_totals with (security_invoker = true) as
select
    student_totals.creator_id,
    student_totals.generation,
    student_totals.course,
    student_totals.run,
    student_totals.student_id,
    student_totals.first_at,
    student_totals.last_at,
    case
        -- A fixed clock may be set to before the last activity: then it is the last quarter of an hour that had begun by then.
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
                    and student_days.course = student_totals.course
                    and student_days.run = student_totals.run
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
    student_totals.furthest_completed,
    student_totals.enrolled_at,
    student_totals.runs_until,
    student_totals.courses
from shown_generations
join student_totals
    on
    student_totals.creator_id = shown_generations.creator_id
    and student_totals.generation = shown_generations.generation;

grant select on level_student_totals to dashboard_app;

-- The rows of these for the course and run that the transaction reads (by default, all).
create or replace view shown_student_totals with (security_invoker = true) as
select
    creator_id,
    generation,
    student_id,
    first_at,
    last_at,
    last_active,
    seen_days,
    videos_watched,
    videos_completed,
    share_sum,
    share_count,
    watched_seconds,
    attempts,
    passed,
    failed_in_a_row,
    questions,
    furthest_video,
    furthest_completed,
    enrolled_at,
    runs_until,
    courses
from level_student_totals
where
    course = (select current_course())
    and run = (select current_run());

grant select on shown_student_totals to dashboard_app;
