-- One row per local day of this period and of the one it is compared with.
with

-- include: queries/steps/shown,

-- include: queries/steps/calendar,

clock as materialized (
    select
        shown.generation,
        shown.timezone,
        shown.today,
        least(period.first_day, period.compared_first_day) as first_day_of_both,
        day_start(shown.today, shown.timezone) as day_start,
        day_start(least(period.first_day, period.compared_first_day), shown.timezone) as start_of_both
    from shown
    join period on period.creator_id = shown.creator_id
),

questions_counted as (
    select
        days.day,
        days.questions
    from clock
    join days
        on days.creator_id = :creator_id
        and days.generation = clock.generation
        and days.course = :course
        and days.run = :run
        and days.day between clock.first_day_of_both and clock.today - 1
    where
        cast(:video_id as uuid) is null
        and :search = ''
    union all
    select
        video_days.day,
        video_days.questions
    from clock
    join video_days
        on video_days.creator_id = :creator_id
        and video_days.generation = clock.generation
        and video_days.course = :course
        and video_days.run = :run
        and video_days.video_id = cast(:video_id as uuid)
        and video_days.day between clock.first_day_of_both and clock.today - 1
    where :search = ''
    union all
    -- The clock's own day counts up to the clock; a search reads every question.
    select
        (asked_questions.asked_at at time zone (select clock.timezone from clock))::date as day,
        count(*) as questions
    from asked_questions
    where
        -- include: queries/chat/steps/asked
        and asked_questions.asked_at >= (
            select case when :search = '' then clock.day_start else clock.start_of_both end
            from clock
        )
        -- include: queries/chat/steps/fits
    group by (asked_questions.asked_at at time zone (select clock.timezone from clock))::date
)

select
    calendar.day as activity_date,
    calendar.shown_at,
    calendar."window",
    coalesce(sum(questions_counted.questions), 0)::bigint as questions
from calendar
left join questions_counted on questions_counted.day = calendar.day
group by
    calendar.day,
    calendar.shown_at,
    calendar."window"
order by
    calendar."window",
    calendar.day
