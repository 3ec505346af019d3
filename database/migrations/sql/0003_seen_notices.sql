-- Which notices of the top bar an account has looked at.
create table seen_notices (
    creator_id uuid not null references creators (id) on delete cascade,
    account_id uuid not null references dashboard_users (id) on delete cascade,
    notice_key text not null,
    seen_at timestamptz not null default dashboard_now(),
    primary key (creator_id, account_id, notice_key)
);

alter table seen_notices enable row level security;
alter table seen_notices force row level security;
create policy one_creator on seen_notices using (creator_id = current_creator()) with check (creator_id = current_creator());
grant select, insert, delete on seen_notices to dashboard_app;
