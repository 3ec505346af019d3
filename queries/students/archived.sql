-- One row per archive that holds something of the student.
select
    kind,
    storage_key,
    sha256
from archives
where
    creator_id = :creator_id
    and state = 'closed'
    and id in (
        select archive_id
        from closed_events
        where
            creator_id = :creator_id
            and student_id = :student_id
        union
        select archive_id
        from closed_chat_sessions
        where
            creator_id = :creator_id
            and student_id = :student_id
        union
        select closed_chat_sessions.archive_id
        from closed_chat_messages
        join closed_chat_sessions
            on closed_chat_sessions.creator_id = closed_chat_messages.creator_id
            and closed_chat_sessions.id = closed_chat_messages.session_id
        where
            closed_chat_messages.creator_id = :creator_id
            and closed_chat_messages.student_id = :student_id
    )
order by
    earliest_at asc,
    id asc
