-- One row per attempt that is made of its answers, and whose score is another one now.
update quiz_attempts
set
    score_percent = scores.score_percent,
    passed = scores.score_percent >= 50
from (
    select
        quiz_answers.attempt_id,
        round(100.0 * count(*) filter (where quiz_answers.is_correct) / count(*), 6) as score_percent
    from quiz_answers
    where
        quiz_answers.creator_id = :creator_id
        and quiz_answers.attempt_id = any(cast(:attempts as uuid[]))
    group by quiz_answers.attempt_id
) as scores
where
    quiz_attempts.creator_id = :creator_id
    and quiz_attempts.id = scores.attempt_id
    and quiz_attempts.is_of_answers
    and (quiz_attempts.score_percent, quiz_attempts.passed)
    is distinct from (scores.score_percent, scores.score_percent >= 50)
