-- What each weekly digest listed, so that the next one can say what became of it. Keys only, no names.
create table digest_items (
    creator_id uuid not null references creators (id) on delete cascade,
    week_start date not null, -- a Monday in the creator's zone
    kind text not null check (kind in ('student', 'video', 'quiz', 'quiz_question', 'question')),
    subject_key text not null, -- an id, or the key of a question that students ask
    primary key (creator_id, week_start, kind, subject_key)
);

-- A message of the creator to students. Each student's mail is a row of mail_deliveries about it.
create table announcements (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    author_id uuid references dashboard_users (id) on delete set null,
    subject text not null check (length(subject) between 1 and 150),
    body text not null check (length(body) between 1 and 20000), -- Markdown as written
    audience text not null check (length(audience) <= 500), -- how the recipients were chosen, in words
    due_at timestamptz not null,
    cancelled_at timestamptz,
    created_at timestamptz not null default dashboard_now(),
    primary key (creator_id, id)
);

create index idx_announcements_created_at on announcements (creator_id, created_at desc);

-- Who was left out of an announcement, and why.
create table announcement_skips (
    creator_id uuid not null references creators (id) on delete cascade,
    announcement_id uuid not null,
    student_id uuid not null,
    reason text not null check (
        reason in ('no_address', 'same_address', 'unsubscribed', 'bounced', 'complained', 'recently_messaged')
    ),
    primary key (creator_id, announcement_id, student_id),
    foreign key (creator_id, announcement_id) references announcements (creator_id, id) on delete cascade,
    foreign key (creator_id, student_id) references students (creator_id, id) on delete cascade
);

-- An address that was asked to join. Accepting makes the student, once.
create table invitations (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    email text not null check (length(email) <= 254),
    email_key text not null, -- the address as it is compared
    author_id uuid references dashboard_users (id) on delete set null,
    created_at timestamptz not null default dashboard_now(),
    expires_at timestamptz not null,
    accepted_at timestamptz,
    student_id uuid,
    primary key (creator_id, id),
    unique (creator_id, email_key),
    foreign key (creator_id, student_id) references students (creator_id, id) on delete set null (student_id),
    check (student_id is null or accepted_at is not null)
);

-- What a creator was alerted about already.
create table alerted_notices (
    creator_id uuid not null references creators (id) on delete cascade,
    notice_key text not null,
    alert_date date not null, -- in the creator's zone
    primary key (creator_id, notice_key)
);

do $$
declare
    tenant text;
begin
    foreach tenant in array array[
        'digest_items', 'announcements', 'announcement_skips', 'invitations', 'alerted_notices'
    ] loop
        execute format('alter table %I enable row level security', tenant);
        execute format('alter table %I force row level security', tenant);
        execute format(
            'create policy one_creator on %I using (creator_id = current_creator()) with check (creator_id = current_creator())',
            tenant
        );
    end loop;
end;
$$;

grant select, insert, delete on digest_items to dashboard_app;
grant select, insert on announcements, announcement_skips to dashboard_app;
grant update (cancelled_at) on announcements to dashboard_app;
grant select, insert on invitations to dashboard_app;
grant update (author_id, expires_at, accepted_at, student_id) on invitations to dashboard_app;
grant select, insert, delete on alerted_notices to dashboard_app;
