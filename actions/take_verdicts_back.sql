-- One row per answer that the marking gave a verdict: its new one.
-- Back to the verdict before the first one that this marking gave.
insert into answer_verdicts (creator_id, attempt_id, question_id, verdict, is_correct, marking_id, given_by)
select
    given.creator_id,
    given.attempt_id,
    given.question_id,
    1 + (
        select max(newest.verdict)
        from answer_verdicts as newest
        where
            newest.creator_id = given.creator_id
            and newest.attempt_id = given.attempt_id
            and newest.question_id = given.question_id
    ),
    replaced.is_correct,
    replaced.marking_id,
    :account_id
from (
    select
        quiz_answers.creator_id,
        quiz_answers.attempt_id,
        quiz_answers.question_id,
        min(answer_verdicts.verdict) as verdict
    from quiz_answers
    join answer_verdicts
        on answer_verdicts.creator_id = quiz_answers.creator_id
        and answer_verdicts.attempt_id = quiz_answers.attempt_id
        and answer_verdicts.question_id = quiz_answers.question_id
        and answer_verdicts.marking_id = quiz_answers.marking_id
    where
        quiz_answers.creator_id = :creator_id
        and quiz_answers.question_id = :question_id
        and quiz_answers.marking_id = :marking_id
    group by
        quiz_answers.creator_id,
        quiz_answers.attempt_id,
        quiz_answers.question_id
) as given
join answer_verdicts as replaced
    on replaced.creator_id = given.creator_id
    and replaced.attempt_id = given.attempt_id
    and replaced.question_id = given.question_id
    and replaced.verdict = given.verdict - 1
returning
    attempt_id,
    is_correct,
    marking_id
