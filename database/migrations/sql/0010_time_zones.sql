-- The names of time zones that both the server and the program know, in the spelling of the tz database.
-- Of the directory: it says nothing about anybody.
create table time_zones (
    name text primary key
);

alter table time_zones enable row level security;
create policy directory_read on time_zones for select to dashboard_platform using (true);
grant select on time_zones to dashboard_platform;

-- The name that stood there before, where it was none: UTC holds until somebody chooses.
alter table creators add column timezone_was text;
grant update (timezone_was) on creators to dashboard_app;
