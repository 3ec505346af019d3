-- One row per student who was erased. It tells nothing about them: a keyed hash says, of an id or an address that
-- somebody has, whether it was this student's.
create table erasures (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    id_hash text not null,
    external_id_hash text not null,
    address_hash text, -- NULL: no address was known
    author_id uuid references dashboard_users (id) on delete set null,
    author_name text not null,
    removed jsonb not null, -- what was removed: rows by table, and files
    erased_at timestamptz not null default dashboard_now(),
    primary key (creator_id, id),
    constraint removed_is_a_json_object check (jsonb_typeof(removed) = 'object')
);
create index idx_erasures_id_hash on erasures (creator_id, id_hash);
create index idx_erasures_external_id_hash on erasures (creator_id, external_id_hash);

alter table erasures enable row level security;
alter table erasures force row level security;
create policy one_creator on erasures using (creator_id = current_creator()) with check (creator_id = current_creator());
grant select, insert, delete on erasures to dashboard_app;

-- What is theirs goes with them; so far, only their platform deleted students.
grant delete on students, invitations, mail_suppressions, digest_items, alerted_notices, seen_notices to dashboard_app;
