-- One row per export that ended in the last 7 days.
exports_ended as (
    select
        'export:' || id || ':' || status as notice_key,
        id,
        export_type,
        format,
        status,
        coalesce(error_message, '') as error_message,
        coalesce(requested_by = cast(:account_id as uuid), false) as is_own,
        coalesce(completed_at, created_at) as ended_at
    from export_logs
    where
        creator_id = :creator_id
        and status in ('completed', 'failed')
        and coalesce(completed_at, created_at) >= dashboard_now() - interval '7 days'
)
