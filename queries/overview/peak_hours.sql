-- One row per hour of the day.
with

-- include: queries/steps/shown,

-- include: queries/steps/period,

-- include: queries/steps/running_day,

hours_added as (
    select
        day_hours.hour,
        sum(day_hours.activities) as activities
    from shown
    join period on period.creator_id = shown.creator_id
    join day_hours
        on day_hours.creator_id = shown.creator_id
        and day_hours.generation = shown.generation
        and day_hours.course = :course
        and day_hours.run = :run
        and day_hours.day between period.first_day and period.last_day
        and not (shown.is_behind and day_hours.day = shown.today)
    group by day_hours.hour
    union all
    select
        extract(hour from (running_day.began_at at time zone shown.timezone))::smallint as hour,
        running_day.activities
    from running_day
    join shown on shown.creator_id = running_day.creator_id
    join period
        on period.creator_id = running_day.creator_id
        and period.last_day = running_day.day
)

select
    hours.hour,
    coalesce(sum(hours_added.activities), 0)::bigint as signs_of_life
from generate_series(0, 23) as hours (hour)
left join hours_added on hours_added.hour = hours.hour
group by hours.hour
order by hours.hour
