-- What every other object builds on: what time it is, whose rows this transaction may see, and of which course.

-- The one clock: the fixed time of DASHBOARD_NOW if the application set it, otherwise the real one.
create or replace function dashboard_now()
returns timestamptz
language sql
stable
as $$
    select coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now());
$$;

-- The creator that this transaction is scoped to; without one NULL, and therefore no rows.
create or replace function current_creator()
returns uuid
language sql
stable
as $$
    select nullif(current_setting('app.creator_id', true), '')::uuid;
$$;

-- The course whose figures this transaction reads, by its number in the keys of folds and sums; 0 means every course.
create or replace function current_course()
returns integer
language sql
stable
as $$
    select coalesce(nullif(current_setting('app.course', true), '')::integer, 0);
$$;

-- The same course by its id, in the source tables; NULL means every course.
create or replace function current_course_id()
returns uuid
language sql
stable
as $$
    select nullif(current_setting('app.course_id', true), '')::uuid;
$$;

-- The run of the course whose figures this transaction reads, by its number; 0 means every run.
create or replace function current_run()
returns integer
language sql
stable
as $$
    select coalesce(nullif(current_setting('app.run', true), '')::integer, 0);
$$;

revoke execute on function dashboard_now() from public;
revoke execute on function current_creator() from public;
revoke execute on function current_course() from public;
revoke execute on function current_course_id() from public;
revoke execute on function current_run() from public;
grant execute on function dashboard_now(), current_creator(), current_course(), current_course_id(), current_run()
to dashboard_app, dashboard_platform;
