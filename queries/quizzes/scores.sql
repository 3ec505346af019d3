-- One row per ten percent of the score.
with

-- include: queries/steps/shown

select
    bins.score_from,
    coalesce(quiz_scores.first_attempts, 0) as first_attempts,
    coalesce(quiz_scores.later_attempts, 0) as later_attempts
from shown
cross join generate_series(0, 90, 10) as bins (score_from)
left join quiz_scores
    on quiz_scores.creator_id = shown.creator_id
    and quiz_scores.generation = shown.generation
    and quiz_scores.course = :course
    and quiz_scores.run = :run
    and quiz_scores.quiz_id = :quiz_id
    and quiz_scores.tenth = bins.score_from / 10
order by bins.score_from
