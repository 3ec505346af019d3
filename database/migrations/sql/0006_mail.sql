-- Every mail, from before it is written until what became of it. The key (kind, about, period,
-- recipient) is what it is for: asked for twice, it is one mail.
--   pending    waits for next_attempt_at
--   claimed    a worker writes it or talks to the mail server; nothing has been handed over
--   sending    committed just before the mail server is told that the mail is complete
--   sent       the mail server took it
--   unknown    it may have been taken or not; nobody sends it again but a person
--   failed     it will not arrive; skipped, cancelled: it was not to be sent after all
create table mail_deliveries (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    kind text not null check (kind ~ '^[a-z][a-z_]{0,39}$'),
    about text not null default '', -- an announcement's id, say, where a kind has several in one period
    period_start date not null, -- in the creator's zone
    recipient text not null check (length(recipient) <= 254),
    recipient_key text not null, -- the address as it is compared
    student_id uuid,
    payload jsonb not null default '{}', -- what the kind needs to write it
    subject text,
    snapshot jsonb, -- the mail as it was written, stored before it is sent
    message_id text,
    written_at timestamptz,
    state text not null default 'pending' check (
        state in ('pending', 'claimed', 'sending', 'sent', 'failed', 'unknown', 'skipped', 'cancelled')
    ),
    reason text, -- why it is in this state, in words, without personal data
    smtp_reply text, -- the mail server's own words; may name the recipient
    token bigint not null default 0, -- fencing: each claim has a new one, and only its holder may go on
    claimed_until timestamptz,
    attempts integer not null default 0,
    due_at timestamptz not null,
    not_after timestamptz, -- later than this nobody needs it any more
    next_attempt_at timestamptz not null,
    sent_at timestamptz,
    created_at timestamptz not null default dashboard_now(),
    updated_at timestamptz not null default dashboard_now(),
    primary key (creator_id, id),
    unique (creator_id, kind, about, period_start, recipient_key),
    foreign key (creator_id, student_id) references students (creator_id, id) on delete set null (student_id),
    check ((state in ('claimed', 'sending')) = (claimed_until is not null)),
    check (state <> 'sending' or snapshot is not null)
);

create index idx_mail_deliveries_created_at on mail_deliveries (creator_id, created_at desc);
create index idx_mail_deliveries_student on mail_deliveries (creator_id, student_id) where student_id is not null;
create index idx_mail_deliveries_pending on mail_deliveries (creator_id, next_attempt_at) where state = 'pending';
create index idx_mail_deliveries_claimed on mail_deliveries (creator_id, claimed_until) where state in ('claimed', 'sending');
create index idx_mail_deliveries_returned on mail_deliveries (id); -- a bounce names nothing else

-- Addresses that get no mail of a creator, or none of one kind.
create table mail_suppressions (
    creator_id uuid not null references creators (id) on delete cascade,
    recipient_key text not null,
    kind text not null, -- 'every': all of them
    reason text not null check (reason in ('unsubscribed', 'bounced', 'complained')),
    created_at timestamptz not null default dashboard_now(),
    primary key (creator_id, recipient_key, kind)
);

-- When a creator's next weekly digest is due; without an instant: never.
create table mail_schedules (
    creator_id uuid primary key references creators (id) on delete cascade,
    next_due_at timestamptz,
    timezone text -- the zone that it was reckoned in; NULL: the choice changed since, reckon anew
);

create index idx_mail_schedules_next_due_at on mail_schedules (next_due_at);

-- Whoever changes the choice, by whichever way: the next due instant has to be reckoned anew.
create function note_digest_choice()
returns trigger
language plpgsql
as $$
begin
    insert into mail_schedules (creator_id)
    values (new.creator_id)
    on conflict (creator_id) do update set timezone = null;
    return null;
end;
$$;

create trigger digest_choice_noted
after insert or update of notification_settings on creator_preferences
for each row execute function note_digest_choice();

insert into mail_schedules (creator_id)
select creator_id
from creator_preferences;

do $$
declare
    tenant text;
begin
    foreach tenant in array array['mail_deliveries', 'mail_suppressions', 'mail_schedules'] loop
        execute format('alter table %I enable row level security', tenant);
        execute format('alter table %I force row level security', tenant);
        execute format(
            'create policy one_creator on %I using (creator_id = current_creator()) with check (creator_id = current_creator())',
            tenant
        );
    end loop;
end;
$$;

-- Mail is never deleted by the application: it is the proof of what was sent.
grant select, insert, update on mail_deliveries to dashboard_app;
grant select, insert, update, delete on mail_suppressions to dashboard_app;
grant select, insert, update on mail_schedules to dashboard_app;
grant execute on function note_digest_choice() to dashboard_app;

-- Across creators: which of them have mail due, and how each mail fares. No address, no content, no server's words.
grant select (
    creator_id, id, kind, state, reason, attempts, due_at, next_attempt_at, claimed_until, sent_at, created_at, updated_at
) on mail_deliveries to dashboard_platform;
grant select (creator_id, next_due_at, timezone) on mail_schedules to dashboard_platform;
create policy directory_read on mail_deliveries for select to dashboard_platform using (true);
create policy directory_read on mail_schedules for select to dashboard_platform using (true);
