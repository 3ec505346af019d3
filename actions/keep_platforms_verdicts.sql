-- One row per answer with no verdict kept yet, or whose current verdict of the platform differs from the newest one kept.
insert into answer_verdicts (creator_id, attempt_id, question_id, verdict, is_correct, given_at)
select
    answers_given.creator_id,
    answers_given.attempt_id,
    answers_given.question_id,
    coalesce(newest.verdict + 1, 0),
    answers_given.is_correct,
    coalesce(newest.given_at, answers_given.completed_at)
from answers_given
left join answer_verdicts as newest
    on newest.creator_id = answers_given.creator_id
    and newest.attempt_id = answers_given.attempt_id
    and newest.question_id = answers_given.question_id
    and newest.verdict = (
        select max(answer_verdicts.verdict)
        from answer_verdicts
        where
            answer_verdicts.creator_id = answers_given.creator_id
            and answer_verdicts.attempt_id = answers_given.attempt_id
            and answer_verdicts.question_id = answers_given.question_id
    )
where
    answers_given.creator_id = :creator_id
    and answers_given.question_id = :question_id
    and answers_given.edition = :edition
    and answers_given.marking_id is null
    and (
        newest.verdict is null
        or newest.marking_id is not null
        or newest.is_correct <> answers_given.is_correct
    )
