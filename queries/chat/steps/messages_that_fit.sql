-- One row per question of the period that matches the filters.
messages_found as materialized (
    select
        -- include: queries/chat/steps/columns
    from asked_questions
    where
        -- include: queries/chat/steps/asked
        -- include: queries/chat/steps/of_period
        -- include: queries/chat/steps/fits
)
