-- One row per uploaded file of rows that is unfinished or still there, or whose import ended in the last day; newest first.
select
    uploads.id as upload_id,
    uploads.file_name,
    uploads.file_bytes,
    uploads.modified_ms,
    uploads.status,
    uploads.error_message,
    uploads.is_repeatable and uploads.is_kept as is_repeatable,
    uploads.is_kept,
    uploads.storage_key,
    coalesce(
        (
            select sum(upload_parts.size_bytes)
            from upload_parts
            where
                upload_parts.creator_id = uploads.creator_id
                and upload_parts.upload_id = uploads.id
        ),
        0
    )::bigint as arrived_bytes,
    newest.id as file_import_id,
    newest.state,
    newest.document,
    newest.answers,
    newest.encoding,
    newest.sheet,
    newest.lines_read,
    newest.outcome,
    newest.import_id,
    newest.error_message as import_error,
    greatest(uploads.changed_at, newest.changed_at) as changed_at
from uploads
left join lateral (
    select file_imports.*
    from file_imports
    where
        file_imports.creator_id = uploads.creator_id
        and file_imports.upload_id = uploads.id
    order by file_imports.created_at desc
    limit 1
) as newest
    on true
where
    uploads.creator_id = :creator_id
    and uploads.purpose = 'import'
    and (
        (uploads.is_kept and uploads.status <> 'cancelled')
        or (newest.state = 'done' and newest.changed_at > dashboard_now() - interval '1 day')
    )
order by changed_at desc
limit :limit
