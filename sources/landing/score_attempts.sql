-- One row per attempt that is made of its answers, where these say something else now.
update quiz_attempts
set
    score_percent = scores.score_percent,
    passed = scores.score_percent >= 50,
    completed_at = coalesce(scores.completed_at, quiz_attempts.completed_at)
from (
    select
        quiz_answers.attempt_id,
        round(100.0 * count(*) filter (where quiz_answers.is_correct) / count(*), 6) as score_percent,
        max(quiz_answers.answered_at) as completed_at
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
    and (quiz_attempts.score_percent, quiz_attempts.passed, quiz_attempts.completed_at)
    is distinct from (
        scores.score_percent, scores.score_percent >= 50, coalesce(scores.completed_at, quiz_attempts.completed_at)
    )
returning
    quiz_attempts.quiz_id,
    quiz_attempts.student_id
