-- One row per message, without those of students, conversations and videos that are gone.
insert into chat_messages (
    creator_id, id, session_id, student_id, video_id, role, content, helpful_rating, created_at, sequence
)
select
    :creator_id,
    told.id,
    told.session_id,
    told.student_id,
    told.video_id,
    told.role,
    told.content,
    told.helpful_rating,
    told.created_at,
    told.sequence
from jsonb_array_elements(cast(:lines as jsonb)) as conversations (line)
cross join lateral jsonb_to_recordset(conversations.line -> 'messages') as told (
    id uuid,
    session_id uuid,
    student_id uuid,
    video_id uuid,
    role text,
    content text,
    helpful_rating numeric,
    created_at timestamptz,
    sequence integer
)
join students
    on students.creator_id = :creator_id
    and students.id = told.student_id
join chat_sessions
    on chat_sessions.creator_id = :creator_id
    and chat_sessions.id = told.session_id
left join videos
    on videos.creator_id = :creator_id
    and videos.id = told.video_id
where told.video_id is null or videos.id is not null
order by
    told.session_id asc,
    told.sequence asc
on conflict (creator_id, id) do nothing
