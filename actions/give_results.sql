-- One row per attempt whose result changes: kept as its newest verdict, and shown.
with results as materialized (
    select
        attempt_verdicts.creator_id,
        attempt_verdicts.attempt_id,
        1 + max(attempt_verdicts.verdict) as verdict,
        told.score_percent,
        told.passed,
        told.marking_id
    from unnest(
        cast(:attempt_ids as uuid[]),
        cast(:scores as numeric[]),
        cast(:are_passed as boolean[]),
        cast(:marking_ids as uuid[])
    ) as told (attempt_id, score_percent, passed, marking_id)
    join attempt_verdicts
        on attempt_verdicts.creator_id = :creator_id
        and attempt_verdicts.attempt_id = told.attempt_id
    group by
        attempt_verdicts.creator_id,
        attempt_verdicts.attempt_id,
        told.score_percent,
        told.passed,
        told.marking_id
),

verdicts_added as (
    insert into attempt_verdicts (creator_id, attempt_id, verdict, score_percent, passed, marking_id, given_by)
    select
        creator_id,
        attempt_id,
        verdict,
        score_percent,
        passed,
        marking_id,
        :account_id
    from results
)

update quiz_attempts
set
    score_percent = results.score_percent,
    passed = results.passed,
    verdict = case when results.marking_id is null then null else results.verdict end
from results
where
    quiz_attempts.creator_id = results.creator_id
    and quiz_attempts.id = results.attempt_id
