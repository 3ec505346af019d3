-- One row per attempt whose score changes, or stays the platform's.
-- A score follows if it was the share of the attempt's answers that were right: exactly, to the hundredth of a percent or to
-- the whole percent; the new score is given with the same precision. An attempt that no longer has any answer marked by a
-- person gets the platform's result back. No table says which score passes: where the scores of the platform's results separate
-- passed from failed attempts at the quiz, a score passes from the lowest passed one up, and fails up to the highest failed
-- one; in between, and where scores do not separate them, the platform's verdict holds.
with verdicts as (
    select
        attempt_id,
        is_correct,
        marking_id
    from unnest(
        cast(:attempt_ids as uuid[]), cast(:are_correct as boolean[]), cast(:marking_ids as uuid[])
    ) as given (attempt_id, is_correct, marking_id)
),

shares as (
    select
        quiz_answers.creator_id,
        quiz_answers.attempt_id,
        100.0 * count(*) filter (where quiz_answers.is_correct) / count(*) as share_before,
        100.0 * count(*) filter (
            where
                case
                    when quiz_answers.question_id = :question_id then verdicts.is_correct
                    else quiz_answers.is_correct
                end
        ) / count(*) as share_after,
        (array_agg(
            case
                when quiz_answers.question_id = :question_id then verdicts.marking_id
                else quiz_answers.marking_id
            end
        ) filter (
            where
                case
                    when quiz_answers.question_id = :question_id then verdicts.marking_id
                    else quiz_answers.marking_id
                end is not null
        ))[1] as marking_id
    from verdicts
    join quiz_answers
        on quiz_answers.creator_id = :creator_id
        and quiz_answers.attempt_id = verdicts.attempt_id
    group by
        quiz_answers.creator_id,
        quiz_answers.attempt_id
),

platform_verdicts as (
    select distinct on (attempt_verdicts.creator_id, attempt_verdicts.attempt_id)
        attempt_verdicts.creator_id,
        attempt_verdicts.attempt_id,
        attempt_verdicts.score_percent,
        attempt_verdicts.passed
    from quiz_questions
    join quiz_attempts
        on quiz_attempts.creator_id = quiz_questions.creator_id
        and quiz_attempts.quiz_id = quiz_questions.quiz_id
        and quiz_attempts.verdict is not null
    join attempt_verdicts
        on attempt_verdicts.creator_id = quiz_attempts.creator_id
        and attempt_verdicts.attempt_id = quiz_attempts.id
        and attempt_verdicts.marking_id is null
    where
        quiz_questions.creator_id = :creator_id
        and quiz_questions.id = :question_id
    order by
        attempt_verdicts.creator_id asc,
        attempt_verdicts.attempt_id asc,
        attempt_verdicts.verdict desc
),

platform_results as (
    select
        quiz_attempts.creator_id,
        quiz_attempts.id as attempt_id,
        quiz_attempts.verdict is not null as is_marked,
        quiz_attempts.score_percent,
        coalesce(platform_verdicts.score_percent, quiz_attempts.score_percent) as platform_score,
        coalesce(platform_verdicts.passed, quiz_attempts.passed) as platform_passed
    from quiz_questions
    join quiz_attempts
        on quiz_attempts.creator_id = quiz_questions.creator_id
        and quiz_attempts.quiz_id = quiz_questions.quiz_id
    left join platform_verdicts
        on platform_verdicts.creator_id = quiz_attempts.creator_id
        and platform_verdicts.attempt_id = quiz_attempts.id
    where
        quiz_questions.creator_id = :creator_id
        and quiz_questions.id = :question_id
),

marks as (
    select
        creator_id,
        min(platform_score) filter (where platform_passed) as lowest_passed,
        max(platform_score) filter (where not platform_passed) as highest_failed
    from platform_results
    group by creator_id
),

scores as (
    select
        platform_results.creator_id,
        platform_results.attempt_id,
        platform_results.is_marked,
        platform_results.score_percent,
        platform_results.platform_score,
        platform_results.platform_passed,
        shares.marking_id,
        shares.share_before <> shares.share_after as is_moved,
        case
            when shares.marking_id is null and platform_results.is_marked then platform_results.platform_score
            when shares.share_before = shares.share_after then platform_results.score_percent
            when abs(shares.share_before - platform_results.score_percent) < 0.01 then round(shares.share_after, 2)
            when round(shares.share_before) = platform_results.score_percent then round(shares.share_after)
        end as score_after,
        marks.lowest_passed,
        marks.highest_failed,
        coalesce(marks.lowest_passed > marks.highest_failed, true) as scores_tell
    from shares
    join platform_results
        on platform_results.creator_id = shares.creator_id
        and platform_results.attempt_id = shares.attempt_id
    join marks on marks.creator_id = shares.creator_id
)

select
    attempt_id,
    is_moved and score_after is null as is_kept,
    score_after,
    case
        when marking_id is null then platform_passed
        when scores_tell and score_after >= lowest_passed then true
        when scores_tell and score_after <= highest_failed then false
        else platform_passed
    end as passed_after,
    marking_id
from scores
where
    score_after is null
    or score_after <> score_percent
    or (is_marked and marking_id is null)
order by attempt_id
