-- One row: the mean length of the visits that began on a local day of the period.
with

-- include: queries/steps/shown,

-- include: queries/steps/period,

visits_counted as (
    select
        sum(days.visits) as visits,
        sum(days.visit_seconds) as seconds
    from shown
    join period on period.creator_id = shown.creator_id
    join days
        on days.creator_id = shown.creator_id
        and days.generation = shown.generation
        and days.course = :course
        and days.run = :run
        and days.day between period.first_day and period.last_day
        and not (shown.is_behind and days.day = shown.today)
    union all
    select
        count(*) as visits,
        sum(extract(epoch from least(visits.ended_at, shown.instant) - visits.started_at)) as seconds
    from shown
    join period
        on period.creator_id = shown.creator_id
        and period.last_day = shown.today
    join visits
        on visits.creator_id = shown.creator_id
        and visits.generation = shown.generation
        and visits.course = :course
        and visits.run = :run
        and visits.started_at between day_start(shown.today, shown.timezone) and shown.instant
    where shown.is_behind
)

select sum(seconds)::double precision / nullif(sum(visits), 0)::double precision / 60 as session_minutes
from visits_counted
