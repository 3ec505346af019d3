-- One row per thing a student did. The same instant may come from two sources; count it once.
create or replace view signs_of_life with (security_invoker = true) as
select
    creator_id,
    student_id,
    watched_at as occurred_at,
    video_id,
    (end_second - start_second)::bigint as watched_seconds
from watch_segments
union all
select
    creator_id,
    student_id,
    first_watched,
    video_id,
    0
from video_progress
union all
select
    creator_id,
    student_id,
    last_watched,
    video_id,
    0
from video_progress
union all
select
    creator_id,
    student_id,
    occurred_at,
    video_id,
    0
from activity_events
union all
select
    creator_id,
    student_id,
    completed_at,
    null,
    0
from quiz_attempts
union all
select
    creator_id,
    student_id,
    created_at,
    null,
    0
from chat_messages
where role = 'user';
