-- One row per answer to the edition: its new verdict.
-- An answer whose text is unknown cannot be judged again, unless all answers count as right.
insert into answer_verdicts (creator_id, attempt_id, question_id, verdict, is_correct, marking_id, given_by)
select
    answers_given.creator_id,
    answers_given.attempt_id,
    answers_given.question_id,
    1 + max(answer_verdicts.verdict),
    case
        when cast(:right_answers as text[]) is null then true
        when answers_given.answer is null then answers_given.is_correct
        else trim(answers_given.answer) = any(cast(:right_answers as text[]))
    end,
    :marking_id,
    :account_id
from answers_given
join answer_verdicts
    on answer_verdicts.creator_id = answers_given.creator_id
    and answer_verdicts.attempt_id = answers_given.attempt_id
    and answer_verdicts.question_id = answers_given.question_id
where
    answers_given.creator_id = :creator_id
    and answers_given.question_id = :question_id
    and answers_given.edition = :edition
group by
    answers_given.creator_id,
    answers_given.attempt_id,
    answers_given.question_id,
    answers_given.answer,
    answers_given.is_correct
returning
    attempt_id,
    is_correct,
    marking_id
