-- One row per question that at least two students asked in this period, most students first.
with

-- include: queries/chat/steps/clock,

messages_found as materialized (
    select
        -- include: queries/chat/steps/columns
    from asked_questions
    where
        -- include: queries/chat/steps/asked
        -- include: queries/chat/steps/of_period
        -- include: queries/chat/steps/asked_again
),

-- include: queries/chat/steps/questions_counted,

questions_chosen as materialized (
    select *
    from questions_counted
    where people >= :students_to_be_common
    order by
        people desc,
        messages desc,
        last_asked_at desc,
        question_key asc
    limit :most
),

wordings_counted as (
    select
        messages_found.question_key,
        messages_found.wording,
        count(*) as messages
    from messages_found
    -- As an array, which is hashed: for a join, the planner would scan all questions for each message.
    where messages_found.question_key = any(array(select questions_chosen.question_key from questions_chosen))
    group by
        messages_found.question_key,
        messages_found.wording
),

wordings_chosen as materialized (
    select distinct on (question_key)
        question_key,
        wording
    from wordings_counted
    order by
        question_key asc,
        messages desc,
        wording collate "C" asc
)

select
    wordings_chosen.wording as question,
    questions_chosen.messages,
    questions_chosen.people,
    questions_chosen.mean_rating
from questions_chosen
join wordings_chosen on wordings_chosen.question_key = questions_chosen.question_key
order by
    questions_chosen.people desc,
    questions_chosen.messages desc,
    questions_chosen.last_asked_at desc,
    questions_chosen.question_key asc
