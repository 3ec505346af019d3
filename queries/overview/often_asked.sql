-- One row per question of those that students asked most often and not only long ago, worded as most often.
with

-- include: queries/steps/shown,

questions_chosen as materialized (
    select
        question_totals.creator_id,
        question_totals.question_key,
        question_totals.messages
    from question_totals
    where
        question_totals.creator_id = :creator_id
        and question_totals.generation = (select generation from shown)
        and question_totals.course = :course
        and question_totals.run = :run
        and question_totals.messages > 0
        and exists (
            select
            from asked_questions
            where
                asked_questions.creator_id = question_totals.creator_id
                and asked_questions.generation = question_totals.generation
                and asked_questions.course = question_totals.course
                and asked_questions.run = question_totals.run
                and asked_questions.question_key = question_totals.question_key
                and asked_questions.asked_at between (select instant - make_interval(days => :days) from shown)
                and (select instant from shown)
        )
    order by question_totals.messages desc
    limit :most
)

select
    worded.wording as question,
    questions_chosen.messages
from questions_chosen
cross join lateral (
    select question_wordings.wording
    from question_wordings
    where
        question_wordings.creator_id = questions_chosen.creator_id
        and question_wordings.generation = (select generation from shown)
        and question_wordings.course = :course
        and question_wordings.run = :run
        and question_wordings.question_key = questions_chosen.question_key
        and question_wordings.messages > 0
    order by
        question_wordings.messages desc,
        question_wordings.wording collate "C" asc
    limit 1
) as worded
order by
    questions_chosen.messages desc,
    questions_chosen.question_key asc
