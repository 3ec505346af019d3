-- One row per question of the period, without reading all: of what was asked once and never again, which is most of a large
-- chat, so many as can be shown. It is among the most asked only behind all others, and never among the badly answered.
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
