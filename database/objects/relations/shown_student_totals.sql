-- A fixed clock may stand before a student's last activity: then it is the last quarter of an hour that began by then. A
-- function, because it is seldom asked, and the planner would weigh it in every query.
create or replace function last_active_until_now(creator uuid, read_generation integer, student uuid, zone text)
returns timestamptz
language plpgsql
stable
as $$
begin
    return case
        when days_begun.last_at <= dashboard_now() then days_begun.last_at
        else greatest(
            days_begun.first_at,
            (
                select max((days_begun.day::timestamp at time zone zone) + told.quarter * interval '15 minutes')
                from unnest(days_begun.quarters) as told (quarter)
                where (days_begun.day::timestamp at time zone zone) + told.quarter * interval '15 minutes' < dashboard_now()
            )
        )
    end
    from (
        select
            day,
            first_at,
            last_at,
            quarters
        from student_days
        where
            creator_id = creator
            and generation = read_generation
            and course = 0
            and run = 0
            and student_id = student
            and first_at <= dashboard_now()
        offset 0 -- the student's days, and of them the last: in the order of days alone the planner may walk through everybody's
    ) as days_begun
    order by days_begun.day desc
    limit 1;
end;
$$;

revoke execute on function last_active_until_now(uuid, integer, uuid, text) from public;
grant execute on function last_active_until_now(uuid, integer, uuid, text) to dashboard_app;

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
        when student_totals.last_at > (select dashboard_now())
            then last_active_until_now(
                student_totals.creator_id, student_totals.generation, student_totals.student_id, shown_generations.timezone
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
