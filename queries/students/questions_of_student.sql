-- One row per question in the chat, newest first, with the first answer that follows it.
with questions_found as (
    select
        asked_questions.creator_id,
        asked_questions.session_id,
        asked_questions.message_id,
        asked_questions.video_id,
        asked_questions.wording,
        asked_questions.asked_at,
        asked_questions.is_answered,
        asked_questions.rating_hundredths
    from asked_questions
    join shown_generations
        on shown_generations.creator_id = asked_questions.creator_id
        and shown_generations.generation = asked_questions.generation
    where
        asked_questions.creator_id = :creator_id
        and asked_questions.course = :course
        and asked_questions.run = :run
        and asked_questions.student_id = :student_id
        and asked_questions.asked_at <= dashboard_now()
    order by
        asked_questions.asked_at desc,
        asked_questions.message_id asc
    limit :limit
)

select
    questions_found.message_id,
    questions_found.wording as question,
    questions_found.asked_at as created_at,
    (
        select answers.content
        from chat_messages as answers
        where
            answers.creator_id = questions_found.creator_id
            and answers.session_id = questions_found.session_id
            and answers.role = 'assistant'
            and answers.sequence > messages.sequence
            and answers.created_at <= dashboard_now()
        order by answers.sequence
        limit 1
    ) as answer,
    questions_found.is_answered,
    archived.id is not null as is_archived,
    questions_found.rating_hundredths / 100.0 as rating,
    videos.id as video_id,
    videos.title as video_title
from questions_found
left join chat_messages as messages
    on messages.creator_id = questions_found.creator_id
    and messages.id = questions_found.message_id
left join closed_chat_messages as archived
    on archived.creator_id = questions_found.creator_id
    and archived.session_id = questions_found.session_id
    and archived.id = questions_found.message_id
left join videos
    on videos.creator_id = questions_found.creator_id
    and videos.id = questions_found.video_id
    and videos.deleted_at is null
order by
    questions_found.asked_at desc,
    questions_found.message_id asc
