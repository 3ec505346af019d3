-- One row per attempt with no result kept yet, or whose current result of the platform differs from the newest one kept.
insert into attempt_verdicts (creator_id, attempt_id, verdict, score_percent, passed, given_at)
select
    quiz_attempts.creator_id,
    quiz_attempts.id,
    coalesce(newest.verdict + 1, 0),
    quiz_attempts.score_percent,
    quiz_attempts.passed,
    coalesce(newest.given_at, quiz_attempts.completed_at)
from quiz_attempts
left join attempt_verdicts as newest
    on newest.creator_id = quiz_attempts.creator_id
    and newest.attempt_id = quiz_attempts.id
    and newest.verdict = (
        select max(attempt_verdicts.verdict)
        from attempt_verdicts
        where
            attempt_verdicts.creator_id = quiz_attempts.creator_id
            and attempt_verdicts.attempt_id = quiz_attempts.id
    )
where
    quiz_attempts.creator_id = :creator_id
    and quiz_attempts.id = any(cast(:attempt_ids as uuid[]))
    and quiz_attempts.verdict is null
    and (newest.score_percent, newest.passed) is distinct from (quiz_attempts.score_percent, quiz_attempts.passed)
