-- One row per message of an archived conversation; an answer without its words.
insert into closed_chat_messages (
    creator_id, id, session_id, student_id, video_id, role, content, helpful_rating, created_at, sequence
)
select
    creator_id,
    id,
    session_id,
    student_id,
    video_id,
    role,
    case role when 'user' then content end,
    helpful_rating,
    created_at,
    sequence
from chat_messages
where
    creator_id = :creator_id
    and session_id = any(:ids)
