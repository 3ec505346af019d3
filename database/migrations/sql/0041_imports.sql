-- What was imported, and what each import said.

-- One row per import. `number` is what rows of source tables refer to; it is the creator's own count.
create table imports (
    creator_id uuid not null references creators (id) on delete cascade,
    number integer not null check (number > 0),
    id uuid not null default gen_random_uuid(),
    door text not null,
    ids_from text not null default '', -- the system whose ids these are; empty: the creator's own
    file_name text,
    sha256 text, -- of the input; NULL: what arrives piece by piece
    mapping text,
    mapping_version integer,
    author_id uuid references dashboard_users (id) on delete set null, -- NULL: a program
    author_name text not null,
    state text not null default 'running' check (state in ('running', 'done', 'undoing', 'undone')),
    is_first boolean not null default false, -- there were no students before: the figures are built afterwards
    position bigint not null default 0, -- the last line that landed
    lines_expected bigint, -- NULL: nobody knows
    lines_read bigint not null default 0,
    facts_new bigint not null default 0,
    facts_changed bigint not null default 0,
    facts_same bigint not null default 0,
    refused bigint not null default 0,
    undescribed bigint not null default 0, -- rows made because something refers to them
    counts jsonb not null default '{}', -- by kind of fact
    refused_by_rule jsonb not null default '{}',
    started_at timestamptz not null default dashboard_now(),
    landed_at timestamptz not null default dashboard_now(),
    ended_at timestamptz,
    undone_at timestamptz,
    rows_undone bigint not null default 0,
    rows_kept jsonb not null default '{}', -- by reason, when it was undone
    is_kept boolean not null default false, -- what undoing would need is gone
    primary key (creator_id, number),
    unique (creator_id, id),
    constraint counts_is_a_json_object check (jsonb_typeof(counts) = 'object'),
    constraint refused_by_rule_is_a_json_object check (jsonb_typeof(refused_by_rule) = 'object'),
    constraint rows_kept_is_a_json_object check (jsonb_typeof(rows_kept) = 'object')
);

-- What was refused. `value` is of the input, cut: it may name a person.
create table import_errors (
    creator_id uuid not null,
    import_number integer not null,
    line bigint not null,
    place integer not null, -- among those of the line
    column_name text,
    value text,
    rule text not null,
    noted_at timestamptz not null default dashboard_now(),
    primary key (creator_id, import_number, line, place),
    foreign key (creator_id, import_number) references imports (creator_id, number) on delete cascade
);

-- What each of several imports said about a row, in order; a row of which only one import spoke is not here.
-- The first entry is the row as it was before the second one spoke.
create table said_rows (
    creator_id uuid not null references creators (id) on delete cascade,
    relation text not null,
    key text not null,
    place integer not null,
    import_number integer, -- NULL: a person or the platform itself
    student_id uuid, -- whose row it is
    told jsonb not null,
    primary key (creator_id, relation, key, place),
    foreign key (creator_id, student_id) references students (creator_id, id) on delete cascade,
    constraint told_is_a_json_object check (jsonb_typeof(told) = 'object')
);

create index idx_said_rows_import on said_rows (creator_id, import_number, relation);
create index idx_said_rows_student on said_rows (creator_id, student_id);

-- Rows of which an import said what they already were: eight bytes of a hash of each key.
create table same_rows (
    creator_id uuid not null,
    import_number integer not null,
    relation text not null,
    portion bigint not null, -- its last line
    key_hashes bytea not null,
    primary key (creator_id, import_number, relation, portion),
    foreign key (creator_id, import_number) references imports (creator_id, number) on delete cascade
);

do $$
declare
    tenant text;
begin
    foreach tenant in array array['imports', 'import_errors', 'said_rows', 'same_rows'] loop
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

-- Rows that an upgrade set aside may be about a student who is erased or gets what is kept about them.
grant select, delete on refused_rows to dashboard_app;
