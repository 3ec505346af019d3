-- One row per creator and local day with an activity, for the course and run that the transaction reads.
create or replace view daily_active_users with (security_invoker = true) as
select
    days.creator_id,
    days.day as activity_date,
    days.students as active_count,
    days.videos as videos_watched,
    days.watched_seconds as total_watch_time_seconds
from shown_generations
join days
    on
    days.creator_id = shown_generations.creator_id
    and days.generation = shown_generations.generation
where
    days.course = (select current_course())
    and days.run = (select current_run())
    and days.students > 0;

grant select on daily_active_users to dashboard_app;
