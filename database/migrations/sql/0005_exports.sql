-- An export is a row here and a job: who asked, how far it is, which file it became.
alter table export_logs add column requested_as text not null default 'creator' check (requested_as in ('creator', 'staff', 'api_key', 'command_line'));
alter table export_logs add column requested_by uuid; -- the account; NULL for an API key and the command line
alter table export_logs add column requested_by_name text not null default '';
alter table export_logs add column attempt integer not null default 0; -- the fencing token: only the latest attempt may report anything
alter table export_logs add column workers_lost smallint not null default 0;
alter table export_logs add column started_at timestamptz;
alter table export_logs add column heartbeat_at timestamptz; -- by the real clock: it measures how long a process has been silent
alter table export_logs add column rows_written bigint not null default 0;
alter table export_logs add column rows_total bigint;
alter table export_logs add column storage_key text; -- of the latest attempt, noted before a byte is written
alter table export_logs add column sha256 text check (sha256 ~ '^[0-9a-f]{64}$');

alter table export_logs add constraint export_logs_completed_has_a_file check (
    status <> 'completed'
    or (storage_key is not null and sha256 is not null and file_size_bytes is not null and completed_at is not null)
);

-- The same request twice at once is one job. The text of jsonb is canonical; its hash fits an index.
create unique index idx_export_logs_one_at_once on export_logs (creator_id, export_type, format, md5(filters::text))
where status in ('pending', 'processing');

-- Workers look for what waits and for what was left lying, for all creators; for neither do they need filters.
create index idx_export_logs_unfinished on export_logs (status, heartbeat_at)
where status in ('pending', 'processing');

grant select (
    creator_id, id, export_type, format, status, error_message, attempt, workers_lost, created_at, started_at, heartbeat_at,
    completed_at, file_size_bytes, storage_key
) on export_logs to dashboard_platform;
create policy directory_read on export_logs for select to dashboard_platform using (true);
