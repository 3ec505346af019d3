-- One row per run that is still kept, newest first.
select
    report_runs.id,
    report_runs.asked_by_name,
    report_runs.period,
    report_runs.compare,
    report_runs.format,
    report_runs.created_at,
    count(*) as creators,
    count(*) filter (where export_logs.status = 'completed') as completed,
    count(*) filter (
        where
            report_run_creators.refusal is not null
            or export_logs.status in ('failed', 'cancelled', 'expired')
    ) as failed,
    coalesce(
        sum(export_logs.file_size_bytes) filter (where export_logs.status = 'completed'), 0
    )::bigint as size_bytes
from report_runs
join report_run_creators on report_run_creators.run_id = report_runs.id
left join export_logs
    on export_logs.creator_id = report_run_creators.creator_id
    and export_logs.id = report_run_creators.export_id
where report_runs.created_at > dashboard_now() - :kept_for
group by report_runs.id
order by
    report_runs.created_at desc,
    report_runs.id asc
limit :limit
