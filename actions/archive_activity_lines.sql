-- One row per event.
select
    to_jsonb(activity_events)::text as line,
    1 as row_count,
    occurred_at as earliest_at,
    occurred_at as latest_at
from activity_events
where
    creator_id = :creator_id
    and id = any(:ids)
order by id
