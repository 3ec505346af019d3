-- One row per conversation, without those of students who are gone.
insert into chat_sessions (creator_id, id, student_id, started_at)
select
    :creator_id,
    told.id,
    told.student_id,
    told.started_at
from jsonb_array_elements(cast(:lines as jsonb)) as conversations (line)
cross join lateral jsonb_to_record(conversations.line -> 'session') as told (id uuid, student_id uuid, started_at timestamptz)
join students
    on students.creator_id = :creator_id
    and students.id = told.student_id
on conflict (creator_id, id) do nothing
