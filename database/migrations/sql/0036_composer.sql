-- An announcement that is being written. Sending it makes the announcement with the same id, and deletes the draft.
create table announcement_drafts (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    author_id uuid references dashboard_users (id) on delete set null,
    subject text not null default '' check (length(subject) <= 150),
    body text not null default '' check (length(body) <= 20000), -- Markdown as written
    recipients jsonb not null default '{}' check (jsonb_typeof(recipients) = 'object'), -- how they were chosen
    version integer not null default 1, -- one more with each change: a form says which one it was opened with
    created_at timestamptz not null default dashboard_now(),
    updated_at timestamptz not null default dashboard_now(),
    primary key (creator_id, id)
);

create index idx_announcement_drafts_updated_at on announcement_drafts (creator_id, updated_at desc);

alter table announcement_drafts enable row level security;
alter table announcement_drafts force row level security;
create policy one_creator on announcement_drafts
using (creator_id = current_creator()) with check (creator_id = current_creator());
grant select, insert, update, delete on announcement_drafts to dashboard_app;

-- A scheduled announcement may be changed until its first email is due.
alter table announcements
add column version integer not null default 1,
add column updated_at timestamptz not null default dashboard_now();

grant update (subject, body, due_at, version, updated_at) on announcements to dashboard_app;

-- Each email of an invitation is about the invitation and the number of the email.
alter table invitations
add column mails_queued integer not null default 1,
add column withdrawn_at timestamptz;

grant update (mails_queued, withdrawn_at) on invitations to dashboard_app;

-- Which emails belong to one mailing: an id or a day, nothing about a person.
grant select (about, period_start) on mail_deliveries to dashboard_platform;
