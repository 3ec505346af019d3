-- Keys that write statements: one that a page may show, and one of a server.
alter table api_keys drop constraint api_keys_scope_check;
alter table api_keys add constraint api_keys_scope_check check (
    scope in ('read', 'write', 'export', 'xapi', 'xapi-server')
);
-- Where pages may use the key: https://school.example. None: no page may.
alter table api_keys add column origins text[] not null default array[]::text[];

-- One row per statement, as it came. What it names is kept as keys of one length, by which it is found.
create table xapi_statements (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null,
    key_id uuid not null, -- of the API key that wrote it
    stored_at timestamptz not null,
    statement text not null, -- JSON, with what this server added; text, because jsonb takes no NUL and rewrites numbers
    content_key uuid not null, -- equal for statements that say the same
    actor_key uuid, -- NULL: a group without an identifier
    verb_key uuid not null,
    object_key uuid, -- of an activity or an actor
    activities text not null, -- the keys of every activity that it names
    registration uuid,
    ref_id uuid, -- the statement that is its object
    is_voiding boolean not null default false,
    verb text not null,
    meaning text not null, -- what the rules take it for: "video", "answer", … or "unknown"
    group_key uuid, -- statements that are understood together; NULL: by themselves they say nothing
    primary key (creator_id, id)
);
create index idx_xapi_statements_key on xapi_statements (creator_id, key_id, stored_at desc, id desc);
create index idx_xapi_statements_actor on xapi_statements (creator_id, actor_key, stored_at desc, id desc);
create index idx_xapi_statements_object on xapi_statements (creator_id, object_key, stored_at desc);
create index idx_xapi_statements_group on xapi_statements (creator_id, group_key) where group_key is not null;
create index idx_xapi_statements_ref on xapi_statements (creator_id, ref_id) where ref_id is not null;

-- One row per statement and person that it names besides its actor.
create table xapi_mentions (
    creator_id uuid not null,
    agent_key uuid not null,
    statement_id uuid not null,
    primary key (creator_id, agent_key, statement_id),
    foreign key (creator_id, statement_id) references xapi_statements (creator_id, id) on delete cascade
);
create index idx_xapi_mentions_statement on xapi_mentions (creator_id, statement_id);

-- One row per file that came with a statement.
create table xapi_attachments (
    creator_id uuid not null,
    statement_id uuid not null,
    sha2 text not null,
    content_type text not null,
    content bytea not null,
    primary key (creator_id, statement_id, sha2),
    foreign key (creator_id, statement_id) references xapi_statements (creator_id, id) on delete cascade
);

-- One row per group with statements that were not understood yet, and per arrival: a write never waits for a worker.
create table xapi_marks (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    group_key uuid not null,
    marked_at timestamptz not null default clock_timestamp(),
    primary key (creator_id, id)
);
create index idx_xapi_marks_marked_at on xapi_marks (creator_id, marked_at, id);

-- One row per group that was understood: what it wrote, so that it is taken back once the group says something else.
create table xapi_groups (
    creator_id uuid not null references creators (id) on delete cascade,
    group_key uuid not null,
    actor_key uuid not null,
    understood_at timestamptz not null default dashboard_now(),
    written jsonb not null,
    refused jsonb not null, -- how often which rule was broken
    primary key (creator_id, group_key),
    constraint written_is_a_json_object check (jsonb_typeof(written) = 'object'),
    constraint refused_is_a_json_object check (jsonb_typeof(refused) = 'object')
);
create index idx_xapi_groups_actor on xapi_groups (creator_id, actor_key);

-- One row per document of a player: a state, or a profile of an agent or an activity.
create table xapi_documents (
    creator_id uuid not null references creators (id) on delete cascade,
    place uuid not null, -- what it belongs to: a key of its kind, activity, agent and registration
    document_id text not null check (length(document_id) between 1 and 2000),
    kind text not null check (kind in ('state', 'agent', 'activity')),
    activity_key uuid,
    agent_key uuid,
    registration uuid,
    content_type text not null,
    content bytea not null,
    etag text not null,
    updated_at timestamptz not null,
    primary key (creator_id, place, document_id)
);
create index idx_xapi_documents_agent on xapi_documents (creator_id, agent_key) where agent_key is not null;

-- The bytes of statements, attachments and documents: in several rows, so that arrivals seldom wait for one another.
create table xapi_usage (
    creator_id uuid not null references creators (id) on delete cascade,
    slot smallint not null,
    bytes bigint not null,
    primary key (creator_id, slot)
);

-- One row per day and reason: how many statements were not kept.
create table xapi_unkept (
    creator_id uuid not null references creators (id) on delete cascade,
    on_date date not null,
    reason text not null,
    statements bigint not null,
    primary key (creator_id, on_date, reason)
);

-- Home pages whose account names are the ids that the creator's other sources use for students.
create table xapi_home_pages (
    creator_id uuid not null references creators (id) on delete cascade,
    home_page text not null check (length(home_page) between 1 and 2000),
    primary key (creator_id, home_page)
);

do $$
declare
    name text;
begin
    foreach name in array array[
        'xapi_statements', 'xapi_mentions', 'xapi_attachments', 'xapi_marks', 'xapi_groups', 'xapi_documents',
        'xapi_usage', 'xapi_unkept', 'xapi_home_pages'
    ] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy one_creator on %I using (creator_id = current_creator()) with check (creator_id = current_creator())',
            name
        );
        execute format('grant select, insert, update, delete on %I to dashboard_app', name);
    end loop;
end;
$$;

-- The worker looks for creators with marks.
grant select (creator_id, id, marked_at) on xapi_marks to dashboard_platform;
create policy directory_read on xapi_marks for select to dashboard_platform using (true);
