-- What creators chose to archive; one row per kind. Without a row, nothing is archived.
create table archive_choices (
    creator_id uuid not null references creators (id) on delete cascade,
    kind text not null check (kind in ('chat', 'activity')),
    is_on boolean not null,
    changed_at timestamptz not null default dashboard_now(),
    primary key (creator_id, kind)
);

-- One row per file of archived rows. It names its file before there is one, and as long as there may be one.
create table archives (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    kind text not null check (kind in ('chat', 'activity')),
    state text not null default 'writing' check (state in ('writing', 'closed', 'let_go')),
    storage_key text not null,
    sha256 text, -- of the file
    size_bytes bigint,
    row_count bigint, -- messages or events
    earliest_at timestamptz,
    latest_at timestamptz,
    archived_at timestamptz not null default dashboard_now(),
    begun_at timestamptz not null default clock_timestamp(),
    primary key (creator_id, id),
    constraint a_closed_one_says_what_it_holds check (
        state <> 'closed'
        or (sha256 is not null and size_bytes > 0 and row_count >= 0)
    )
);

create index idx_archives_kind on archives (creator_id, kind, earliest_at);

-- What figures need of an archived conversation. Its row says that it is closed: nothing is added to it.
create table closed_chat_sessions (
    creator_id uuid not null,
    id uuid not null,
    student_id uuid not null,
    started_at timestamptz not null,
    archive_id uuid not null,
    primary key (creator_id, id),
    foreign key (creator_id, student_id) references students (creator_id, id) on delete cascade,
    foreign key (creator_id, archive_id) references archives (creator_id, id) on delete cascade
);

create index idx_closed_chat_sessions_student on closed_chat_sessions (creator_id, student_id);
create index idx_closed_chat_sessions_archive on closed_chat_sessions (creator_id, archive_id);

create table closed_chat_messages (
    creator_id uuid not null,
    id uuid not null,
    session_id uuid not null,
    student_id uuid not null,
    video_id uuid,
    role text not null check (role in ('user', 'assistant')),
    content text, -- of a question: figures group and show its words; an answer's are in the file alone
    helpful_rating numeric,
    created_at timestamptz not null,
    sequence integer not null,
    question_key text generated always as (case when role = 'user' then question_key(content) end) stored,
    primary key (creator_id, session_id, id),
    constraint questions_keep_their_words check ((role = 'user') = (content is not null)),
    foreign key (creator_id, session_id) references closed_chat_sessions (creator_id, id) on delete cascade,
    foreign key (creator_id, student_id) references students (creator_id, id) on delete cascade,
    foreign key (creator_id, video_id) references videos (creator_id, id) on delete cascade
);

create index idx_closed_chat_messages_student_time on closed_chat_messages (creator_id, student_id, created_at);
create index idx_closed_chat_messages_video on closed_chat_messages (creator_id, video_id) where video_id is not null;

-- What figures need of the archived events of a student, about a video or none: one row per archive. The days in UTC on which
-- the student has any are closed: no event is added to them. Arrays are parallel.
create table closed_events (
    creator_id uuid not null,
    id uuid not null default gen_random_uuid(),
    student_id uuid not null,
    video_id uuid, -- NULL: about no video
    first_at timestamptz not null,
    last_at timestamptz not null,
    event_ids uuid[] not null,
    instants timestamptz[] not null,
    archive_id uuid not null,
    primary key (creator_id, id),
    constraint each_event_has_an_instant check (cardinality(event_ids) = cardinality(instants) and cardinality(instants) > 0),
    foreign key (creator_id, student_id) references students (creator_id, id) on delete cascade,
    foreign key (creator_id, video_id) references videos (creator_id, id) on delete cascade,
    foreign key (creator_id, archive_id) references archives (creator_id, id) on delete cascade
);

create index idx_closed_events_student_time on closed_events (creator_id, student_id, last_at);
create index idx_closed_events_video on closed_events (creator_id, video_id) where video_id is not null;
create index idx_closed_events_archive on closed_events (creator_id, archive_id);

alter table archive_choices enable row level security;
alter table archive_choices force row level security;
create policy one_creator on archive_choices using (creator_id = current_creator()) with check (creator_id = current_creator());
create policy directory_read on archive_choices for select to dashboard_platform using (true);
alter table archives enable row level security;
alter table archives force row level security;
create policy one_creator on archives using (creator_id = current_creator()) with check (creator_id = current_creator());
create policy directory_read on archives for select to dashboard_platform using (true);
alter table closed_chat_sessions enable row level security;
alter table closed_chat_sessions force row level security;
create policy one_creator on closed_chat_sessions using (creator_id = current_creator()) with check (creator_id = current_creator());
alter table closed_chat_messages enable row level security;
alter table closed_chat_messages force row level security;
create policy one_creator on closed_chat_messages using (creator_id = current_creator()) with check (creator_id = current_creator());
alter table closed_events enable row level security;
alter table closed_events force row level security;
create policy one_creator on closed_events using (creator_id = current_creator()) with check (creator_id = current_creator());

grant select, insert, update on archive_choices to dashboard_app;
grant select, insert, update, delete on archives to dashboard_app;
grant select, insert, delete on closed_chat_sessions, closed_chat_messages, closed_events to dashboard_app;
grant select (creator_id, kind, is_on) on archive_choices to dashboard_platform;
grant select (creator_id, id, state, storage_key, begun_at) on archives to dashboard_platform;
