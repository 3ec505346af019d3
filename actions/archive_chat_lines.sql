-- One row per conversation, with its messages in order.
select
    jsonb_build_object('session', to_jsonb(chat_sessions), 'messages', coalesce(said.messages, '[]'))::text as line,
    coalesce(said.row_count, 0) as row_count,
    chat_sessions.started_at as earliest_at,
    greatest(chat_sessions.started_at, said.latest_at) as latest_at
from chat_sessions
left join lateral (
    select
        jsonb_agg(to_jsonb(chat_messages) - 'question_key' order by chat_messages.sequence) as messages,
        count(*) as row_count,
        max(chat_messages.created_at) as latest_at
    from chat_messages
    where
        chat_messages.creator_id = :creator_id
        and chat_messages.session_id = chat_sessions.id
) as said on true
where
    chat_sessions.creator_id = :creator_id
    and chat_sessions.id = any(:ids)
order by chat_sessions.id
