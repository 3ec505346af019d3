-- Keys of programs. Only the SHA-256 of a key is kept: whoever reads this table can use none of them.
create table api_keys (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    name text not null check (length(name) between 1 and 100),
    scope text not null check (scope in ('read', 'write', 'export')),
    hint text not null, -- how the key begins, so that a person can tell keys apart
    key_sha256 bytea not null unique check (length(key_sha256) = 32),
    created_at timestamptz not null default dashboard_now(),
    last_used_at timestamptz,
    revoked_at timestamptz,
    primary key (creator_id, id)
);

alter table api_keys enable row level security;
alter table api_keys force row level security;
create policy one_creator on api_keys using (creator_id = current_creator()) with check (creator_id = current_creator());

-- A key is looked up before it is known whose it is, so it belongs to the directory.
grant select, insert on api_keys to dashboard_platform;
grant update (last_used_at, revoked_at) on api_keys to dashboard_platform;
create policy directory on api_keys to dashboard_platform using (true) with check (true);
