-- A file that a browser sends is a video's, or one of rows to import.
alter table uploads alter column video_id drop not null;
alter table uploads add column purpose text not null default 'video' check (purpose in ('video', 'import'));
alter table uploads add constraint uploads_for_one_purpose check ((purpose = 'video') = (video_id is not null));

grant select (purpose) on uploads to dashboard_platform;

-- One row per version of a saved mapping: what the columns of a kind of file mean. The newest version is in force.
create table mappings (
    creator_id uuid not null references creators (id) on delete cascade,
    name text not null check (length(name) between 1 and 100),
    version integer not null check (version > 0),
    document jsonb not null,
    content_version text not null, -- of the content: equal ones read every file alike
    created_by uuid references dashboard_users (id) on delete set null,
    created_at timestamptz not null default dashboard_now(),
    removed_at timestamptz,
    primary key (creator_id, name, version),
    constraint document_is_a_json_object check (jsonb_typeof(document) = 'object')
);

-- One row per file that somebody wants to import in the browser: how it is to be read, and how far that is.
create table file_imports (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    upload_id uuid not null,
    document jsonb not null, -- the mapping, as it was chosen
    mapping_version integer, -- NULL: not a saved one
    answers jsonb not null default jsonb_build_object(),
    encoding text,
    sheet text,
    takes_good_rows boolean not null default false, -- without those that were refused
    state text not null default 'checking' check (state in ('checking', 'checked', 'importing', 'done', 'failed')),
    lines_read bigint not null default 0,
    workers_lost smallint not null default 0,
    outcome jsonb, -- of the check, and then of the import
    errors_key text, -- where the lines that a check refused are stored; NULL: none were
    import_id uuid, -- in `imports`
    error_message text,
    created_by uuid references dashboard_users (id) on delete set null,
    created_at timestamptz not null default dashboard_now(),
    changed_at timestamptz not null default clock_timestamp(), -- by the real clock: how long its worker has been silent
    primary key (creator_id, id),
    foreign key (creator_id, upload_id) references uploads (creator_id, id) on delete cascade,
    constraint document_is_a_json_object check (jsonb_typeof(document) = 'object'),
    constraint answers_is_a_json_object check (jsonb_typeof(answers) = 'object'),
    constraint outcome_is_a_json_object check (jsonb_typeof(outcome) = 'object'),
    constraint failed_says_why check (state <> 'failed' or error_message is not null)
);

create index idx_file_imports_upload on file_imports (creator_id, upload_id, created_at desc);
create index idx_file_imports_at_work on file_imports (state, changed_at) where state in ('checking', 'importing');

do $$
declare
    tenant text;
begin
    foreach tenant in array array['mappings', 'file_imports'] loop
        execute format('alter table %I enable row level security', tenant);
        execute format('alter table %I force row level security', tenant);
        execute format(
            'create policy one_creator on %I using (creator_id = current_creator()) with check (creator_id = current_creator())', tenant
        );
        execute format('revoke all on %I from public', tenant);
        execute format('grant select, insert, update, delete on %I to dashboard_app', tenant);
    end loop;
end;
$$;

grant select (creator_id, id, state, changed_at, errors_key) on file_imports to dashboard_platform;
create policy directory_read on file_imports for select to dashboard_platform using (true);
