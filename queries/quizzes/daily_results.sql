-- One row per local day of this period and of the one it is compared with.
with

-- include: queries/quizzes/steps/results

select
    calendar.day as activity_date,
    calendar.shown_at,
    calendar."window",
    coalesce(results.attempts, 0) as attempts,
    coalesce(results.passed, 0) as passed
from calendar
left join results
    on results.creator_id = calendar.creator_id
    and results.day = calendar.day
order by
    calendar."window",
    calendar.day
