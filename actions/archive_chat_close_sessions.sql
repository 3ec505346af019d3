-- One row per archived conversation.
insert into closed_chat_sessions (creator_id, id, student_id, started_at, archive_id)
select
    creator_id,
    id,
    student_id,
    started_at,
    :archive_id
from chat_sessions
where
    creator_id = :creator_id
    and id = any(:ids)
