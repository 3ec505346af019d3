-- What the dashboard itself keeps.

create table creator_preferences (
    creator_id uuid primary key references creators (id) on delete cascade,
    dashboard_layout jsonb not null default '{}',
    notification_settings jsonb not null default '{}',
    export_preferences jsonb not null default '{}',
    created_at timestamptz not null default dashboard_now(),
    updated_at timestamptz not null default dashboard_now()
);

create table export_logs (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    export_type text not null check (export_type in ('students', 'progress', 'chat', 'analytics', 'quiz_results', 'videos')),
    format text not null check (format in ('csv', 'json', 'pdf', 'xlsx')),
    file_url text,
    file_size_bytes bigint,
    filters jsonb not null default '{}',
    status text not null default 'pending' check (status in ('pending', 'processing', 'completed', 'failed', 'cancelled', 'expired')),
    error_message text,
    created_at timestamptz not null default dashboard_now(),
    completed_at timestamptz,
    primary key (creator_id, id)
);

create index idx_export_logs_created_at on export_logs (creator_id, created_at desc);

-- Who may open the dashboard. A directory table: only dashboard_platform reads it.
create table dashboard_users (
    id uuid primary key default gen_random_uuid(),
    issuer text not null default 'demo',
    subject text not null,
    email text,
    name text not null,
    role text not null check (role in ('creator', 'staff')),
    creator_id uuid references creators (id) on delete cascade,
    created_at timestamptz not null default dashboard_now(),
    disabled_at timestamptz,
    unique (issuer, subject),
    check ((role = 'creator') = (creator_id is not null))
);

create index idx_dashboard_users_creator on dashboard_users (creator_id);

-- Who looked at or changed what. Rows are only ever added.
create table audit_log (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    user_id uuid,
    action text not null,
    detail jsonb not null default '{}',
    created_at timestamptz not null default dashboard_now(),
    primary key (creator_id, id)
);

create index idx_audit_log_created_at on audit_log (creator_id, created_at desc);

-- Which state of the rollups an answer was computed from, and how the last refresh went.
create table creator_data_versions (
    creator_id uuid primary key references creators (id) on delete cascade,
    version bigint not null default 0,
    refreshed_at timestamptz,
    refresh_seconds numeric
);

-- What changed since the last refresh, one row per touched key. No unique index: a writer
-- must never wait for another writer or for a refresh.
create table stale_marks (
    creator_id uuid not null references creators (id) on delete cascade,
    kind text not null check (
        kind in ('student', 'history', 'video', 'viewers', 'day', 'question', 'session', 'quiz', 'creator', 'everything')
    ),
    key text not null, -- an id, but for a day: the date and the zone it was reckoned in
    marked_at timestamptz not null default clock_timestamp()
);

create index idx_stale_marks_creator on stale_marks (creator_id);
