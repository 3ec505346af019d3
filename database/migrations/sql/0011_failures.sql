-- What failed and was left out while the rest went on: one row per kind of work and item, kept until 90 days after it
-- failed last. A directory table: written for all creators alike, also where the creator's own rows cannot be reached,
-- so it has no foreign key to them. Ids, the kind of error and its place in the program; never a name, an address or
-- an error's own words, which may quote somebody's data.
create table failures (
    kind text not null check (kind ~ '^[a-z][a-z_]{0,39}$'), -- which loop
    item text not null check (length(item) between 1 and 100), -- an id, unique within the kind
    about_creator_id uuid, -- NULL: nobody's in particular, as a job of the queue
    error text not null check (length(error) between 1 and 300),
    place text not null check (length(place) <= 300), -- file, line and function of ours; empty where there is none
    times integer not null default 1 check (times > 0), -- since it last succeeded
    first_at timestamptz not null default clock_timestamp(), -- the real clock: pauses are measured by it
    last_at timestamptz not null default clock_timestamp(),
    settled_at timestamptz, -- it succeeded since, or staff said that it is settled
    primary key (kind, item)
);

create index idx_failures_open on failures (last_at) where settled_at is null;

alter table failures enable row level security;
alter table failures force row level security;
create policy directory on failures to dashboard_platform using (true) with check (true);
grant select, insert, update, delete on failures to dashboard_platform;
