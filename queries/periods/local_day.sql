-- One row, even for an unknown creator.
with

-- include: queries/steps/shown

select
    coalesce(shown.today, (dashboard_now() at time zone 'UTC')::date) as today,
    coalesce(shown.timezone, 'UTC') as timezone,
    coalesce(day_start(shown.today + 1, shown.timezone) - shown.instant > interval '1 second', true) as is_going_on
from (select cast(:creator_id as uuid) as creator_id) as asked
left join shown on shown.creator_id = asked.creator_id
