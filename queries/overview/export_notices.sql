-- One row per export that ended in the last 7 days, newest first.
with

-- include: queries/overview/steps/exports_ended

select
    notice_key,
    export_type,
    format,
    status,
    error_message,
    is_own
from exports_ended
order by
    ended_at desc,
    id asc
