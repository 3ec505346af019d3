-- The course, or the run of it, that an account chose in the top bar; no row: all courses.
create table chosen_courses (
    creator_id uuid not null references creators (id) on delete cascade,
    account_id uuid not null references dashboard_users (id) on delete cascade,
    course_id uuid, -- NULL: a run of the only course
    run_id uuid, -- NULL, and a run that is gone since: all runs of the course
    chosen_at timestamptz not null default dashboard_now(),
    primary key (creator_id, account_id),
    foreign key (creator_id, course_id) references courses (creator_id, id) on delete cascade
);

alter table chosen_courses enable row level security;
alter table chosen_courses force row level security;
create policy one_creator on chosen_courses using (creator_id = current_creator()) with check (creator_id = current_creator());
grant select, insert, update, delete on chosen_courses to dashboard_app;
