-- One row per local day of this period and of the one it is compared with.
with

-- include: queries/steps/shown,

-- include: queries/steps/calendar,

-- include: queries/overview/steps/today_bounds,

ratings_counted as (
    select
        days.creator_id,
        days.day,
        days.rating_sum,
        days.rating_count
    from bounds
    join days
        on days.creator_id = bounds.creator_id
        and days.generation = bounds.generation
        and days.course = :course
        and days.run = :run
        and not (bounds.is_behind and days.day = bounds.today)
    union all
    select
        bounds.creator_id,
        bounds.today,
        sum(asked_questions.rating_hundredths),
        count(asked_questions.rating_hundredths)
    from bounds
    join asked_questions
        on asked_questions.creator_id = bounds.creator_id
        and asked_questions.generation = bounds.generation
        and asked_questions.course = :course
        and asked_questions.run = :run
        and asked_questions.asked_at between bounds.day_start and bounds.instant
    where bounds.is_behind
    group by
        bounds.creator_id,
        bounds.today
)

select
    calendar.day as activity_date,
    calendar.shown_at,
    calendar."window",
    coalesce(ratings_counted.rating_sum, 0) / 100.0 as rating_sum,
    coalesce(ratings_counted.rating_count, 0) as ratings
from calendar
left join ratings_counted
    on ratings_counted.creator_id = calendar.creator_id
    and ratings_counted.day = calendar.day
order by
    calendar."window",
    calendar.day
