-- Reports that staff ask for, for many creators at once. Each report is an export of its creator like any other.
create table report_runs (
    id uuid primary key default gen_random_uuid(),
    asked_by uuid not null, -- the account
    asked_by_name text not null,
    period text not null check (period in ('7d', '30d', '90d')),
    format text not null check (format in ('pdf', 'xlsx')),
    created_at timestamptz not null default dashboard_now()
);

-- No learner data, and nobody's own: only the directory knows that there was a run.
alter table report_runs enable row level security;
alter table report_runs force row level security;
create policy directory on report_runs to dashboard_platform using (true) with check (true);
grant select, insert, delete on report_runs to dashboard_platform;

-- A creator of a run: which export it became, or why it was refused; neither, as long as it waits to be asked for.
create table report_run_creators (
    creator_id uuid not null references creators (id) on delete cascade,
    run_id uuid not null references report_runs (id) on delete cascade,
    export_id uuid,
    refusal text,
    primary key (creator_id, run_id),
    foreign key (creator_id, export_id) references export_logs (creator_id, id) on delete cascade,
    check (export_id is null or refusal is null)
);

create index idx_report_run_creators_run on report_run_creators (run_id);
create index idx_report_run_creators_export on report_run_creators (creator_id, export_id);
create index idx_report_run_creators_waiting on report_run_creators (run_id) where export_id is null and refusal is null;

alter table report_run_creators enable row level security;
alter table report_run_creators force row level security;
create policy one_creator on report_run_creators using (creator_id = current_creator()) with check (creator_id = current_creator());
create policy directory on report_run_creators to dashboard_platform using (true) with check (true);
grant select, insert on report_run_creators to dashboard_platform;
grant update (export_id, refusal) on report_run_creators to dashboard_platform;
