-- Source rows as folds read them: those that are there, and of archived ones what is kept of them. A fold, a rebuild, another
-- time zone and another level find the same rows before and after.

create or replace view every_chat_session with (security_invoker = true) as
select
    creator_id,
    id,
    student_id,
    started_at
from chat_sessions
union all
select
    creator_id,
    id,
    student_id,
    started_at
from closed_chat_sessions;

-- An archived answer has no words here.
create or replace view every_chat_message with (security_invoker = true) as
select
    creator_id,
    id,
    session_id,
    student_id,
    video_id,
    role,
    content,
    helpful_rating,
    created_at,
    sequence,
    question_key
from chat_messages
union all
select
    creator_id,
    id,
    session_id,
    student_id,
    video_id,
    role,
    content,
    helpful_rating,
    created_at,
    sequence,
    question_key
from closed_chat_messages;

grant select on every_chat_session, every_chat_message to dashboard_app;
