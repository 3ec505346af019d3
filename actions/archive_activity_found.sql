-- One row per event of these students on days in UTC that are over for so long. What a refresh keeps of replaced progress is
-- no event of a platform's.
select id
from activity_events
where
    creator_id = :creator_id
    and student_id = any(:students)
    and occurred_at < :since
    and kind <> 'watched_before'
order by
    student_id asc,
    occurred_at asc,
    id asc
limit :most
