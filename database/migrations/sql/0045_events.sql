-- Keys that send events: secret ones of servers, and (with origins) ones that a page may show.
alter table api_keys drop constraint api_keys_scope_check;
alter table api_keys add constraint api_keys_scope_check check (
    scope in ('read', 'write', 'export', 'xapi', 'xapi-server', 'ingest')
);
-- Where pages may use the key: https://school.example. None: no page may.
alter table api_keys add column if not exists origins text[] not null default array[]::text[];

-- One row per event that was taken, for ever: its id counts once. Nothing in it names anybody.
create table event_receipts (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null, -- made of the event's own id
    digest uuid not null, -- keyed, of what the event said
    received_at timestamptz not null,
    at timestamptz, -- by the sender's clock; NULL: it happened at no instant
    skew_minutes integer not null, -- by which the instant was corrected
    primary key (creator_id, id)
);

-- One row per door of sources, outcome, hour and slot; slots keep arrivals at the same time from waiting for one another.
create table door_counts (
    creator_id uuid not null references creators (id) on delete cascade,
    door text not null,
    hour_at timestamptz not null,
    outcome text not null, -- 'accepted', 'duplicate', 'conflicting', or the code of a refusal
    slot smallint not null,
    events bigint not null check (events > 0),
    last_event_at timestamptz, -- when the newest one happened
    last_heard_at timestamptz not null,
    primary key (creator_id, door, hour_at, outcome, slot)
);

do $$
declare
    name text;
begin
    foreach name in array array['event_receipts', 'door_counts'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy one_creator on %I using (creator_id = current_creator()) with check (creator_id = current_creator())', name
        );
        execute format('revoke all on %I from public', name);
        execute format('grant select, insert, update, delete on %I to dashboard_app', name);
    end loop;
end;
$$;
revoke update on event_receipts from dashboard_app;
