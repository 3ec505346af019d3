-- One row per question of the period, without reading all of them: of those asked only once ever, which are most of a large
-- chat, just as many as can be shown. They rank among the most asked only after all others, and never among the badly answered.
asked_once as (
    select
        -- include: queries/chat/steps/columns
    from asked_questions
    where
        -- include: queries/chat/steps/asked
        -- include: queries/chat/steps/of_period
    -- include: queries/chat/steps/once
),

asked_once_unanswered as (
    select
        -- include: queries/chat/steps/columns
    from asked_questions
    where
        -- include: queries/chat/steps/asked
        -- include: queries/chat/steps/of_period
        and not asked_questions.is_answered
    -- include: queries/chat/steps/once
),

messages_found as materialized (
    select
        -- include: queries/chat/steps/columns
    from asked_questions
    where
        -- include: queries/chat/steps/asked
        -- include: queries/chat/steps/of_period
        -- include: queries/chat/steps/asked_again
    union all
    select *
    from (
        select * from asked_once
        union
        select * from asked_once_unanswered
    ) as rare
    where asked_at >= (select clock.period_start from clock)
)
