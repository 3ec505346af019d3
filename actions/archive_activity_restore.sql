-- One row per event, without those of students and videos that are gone.
insert into activity_events (creator_id, id, student_id, video_id, kind, occurred_at)
select
    :creator_id,
    told.id,
    told.student_id,
    told.video_id,
    told.kind,
    told.occurred_at
from jsonb_to_recordset(cast(:lines as jsonb)) as told (id uuid, student_id uuid, video_id uuid, kind text, occurred_at timestamptz)
join students
    on students.creator_id = :creator_id
    and students.id = told.student_id
left join videos
    on videos.creator_id = :creator_id
    and videos.id = told.video_id
where told.video_id is null or videos.id is not null
on conflict (creator_id, id) do nothing
