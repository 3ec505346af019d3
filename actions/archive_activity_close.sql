-- One row per student and video.
insert into closed_events (creator_id, student_id, video_id, first_at, last_at, event_ids, instants, archive_id)
select
    creator_id,
    student_id,
    video_id,
    min(occurred_at),
    max(occurred_at),
    array_agg(id order by occurred_at, id),
    array_agg(occurred_at order by occurred_at, id),
    :archive_id
from activity_events
where
    creator_id = :creator_id
    and id = any(:ids)
group by
    creator_id,
    student_id,
    video_id
