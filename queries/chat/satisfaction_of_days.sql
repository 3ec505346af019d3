-- One row: all questions of this period by how they were rated.
with

-- include: queries/chat/steps/clock,

counted as (
    select
        days.questions,
        days.answered,
        days.good_ratings,
        days.bad_ratings,
        days.rating_sum,
        days.rating_count
    from clock
    join days
        on days.creator_id = :creator_id
        and days.generation = clock.generation
        and days.course = :course
        and days.run = :run
        and days.day between clock.first_day and least(clock.last_day, clock.today - 1)
    union all
    -- The clock's own day counts up to the clock.
    select
        1,
        case when asked_questions.is_answered then 1 else 0 end,
        case when asked_questions.rating_hundredths >= :good_hundredths then 1 else 0 end,
        case when asked_questions.rating_hundredths < :good_hundredths then 1 else 0 end,
        coalesce(asked_questions.rating_hundredths, 0),
        case when asked_questions.rating_hundredths is null then 0 else 1 end
    from asked_questions
    where
        -- include: queries/chat/steps/asked
        and asked_questions.asked_at >= (select clock.day_start from clock)
        and asked_questions.asked_at < (select clock.period_end from clock)
)

select
    coalesce(sum(good_ratings), 0)::bigint as good,
    coalesce(sum(bad_ratings), 0)::bigint as bad,
    coalesce(sum(questions - rating_count), 0)::bigint as unrated,
    coalesce(sum(answered), 0)::bigint as answered,
    sum(rating_sum) / (100.0 * nullif(sum(rating_count), 0)) as mean_rating
from counted
