-- One row per question of the period that matches the filters.

-- include: queries/chat/steps/clock,

questions_found as (
    select
        asked_questions.session_id,
        asked_questions.message_id,
        asked_questions.student_id,
        asked_questions.video_id,
        asked_questions.question_key,
        asked_questions.asked_at,
        asked_questions.is_answered,
        asked_questions.rating_hundredths
    from asked_questions
    where
        -- include: queries/chat/steps/asked
        -- include: queries/chat/steps/of_period
        -- include: queries/chat/steps/fits
)
