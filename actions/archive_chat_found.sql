-- One row per conversation of these students that is over: nothing was said in it since.
select id
from chat_sessions
where
    creator_id = :creator_id
    and student_id = any(:students)
    and started_at < :since
    and not exists (
        select
        from chat_messages
        where
            chat_messages.creator_id = :creator_id
            and chat_messages.session_id = chat_sessions.id
            and chat_messages.created_at >= :since
    )
order by
    student_id asc,
    id asc
limit :most
