-- One row per creator of a run that is still kept, by name.
select
    creators.id as creator_id,
    creators.shown_name as creator_name,
    report_runs.period,
    report_runs.format,
    case when report_run_creators.refusal is null then coalesce(export_logs.status, 'pending') else 'failed' end
        as status,
    case export_logs.status
        when 'cancelled' then 'The export was cancelled.'
        else coalesce(report_run_creators.refusal, export_logs.error_message)
    end as reason,
    export_logs.completed_at,
    export_logs.file_size_bytes,
    export_logs.storage_key
from report_run_creators
join report_runs on report_runs.id = report_run_creators.run_id
join creators on creators.id = report_run_creators.creator_id
left join export_logs
    on export_logs.creator_id = report_run_creators.creator_id
    and export_logs.id = report_run_creators.export_id
where
    report_runs.id = :run_id
    and report_runs.created_at > dashboard_now() - :kept_for
order by
    creators.sort_key,
    creators.id
