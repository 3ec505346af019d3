-- Who was there, when and for how long: student by student and day by day, their visits, and the hours of a day.

-- Fold. One row per student and local day with an activity. An activity is a different instant of the student.
create table student_days (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    student_id uuid not null,
    day date not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    -- Quarters of an hour since `day::timestamp at time zone zone`, ascending; -4 to -1 where midnight comes twice.
    quarters smallint[] not null,
    counts smallint[] not null, -- activities in each of them
    activities integer not null,
    watched_seconds bigint not null, -- of the playback that began on this day
    video_ids uuid[] not null, -- what the activities were on, ascending
    primary key (creator_id, generation, course, run, student_id, day)
);

-- The generation stands behind the day: a student's rows are found by the key alone, even where the planner knows nothing yet
-- about the rows of a generation, and so could take either.
create index idx_student_days_day on student_days (creator_id, day, generation, course, run, student_id);

-- Fold. One row per visit of a student: activities with gaps of up to 30 minutes, playback being as long as it was.
create table visits (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    student_id uuid not null,
    started_at timestamptz not null, -- a visit belongs to the local day of this instant
    ended_at timestamptz not null,
    primary key (creator_id, generation, course, run, student_id, started_at)
);

create index idx_visits_started_at on visits (creator_id, started_at, generation, course, run);

-- Sum of student_days. One row per local day and local hour with an activity.
create table day_hours (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    day date not null,
    hour smallint not null,
    activities integer not null,
    primary key (creator_id, generation, course, run, day, hour)
);

do $$
declare
    name text;
begin
    foreach name in array array['student_days', 'visits', 'day_hours']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy one_creator on %I using (creator_id = current_creator()) with check (creator_id = current_creator())',
            name
        );
        execute format('grant select on %I to dashboard_app', name);
    end loop;
end;
$$;

-- Different videos with an activity on the day: rows of video_days with students.
alter table days add column videos integer not null default 0;

-- A day of a student is read again from their rows of that day.
create index idx_activity_events_student_time on activity_events (creator_id, student_id, occurred_at);
create index idx_quiz_attempts_student_time on quiz_attempts (creator_id, student_id, completed_at);
create index idx_chat_messages_student_time on chat_messages (creator_id, student_id, created_at);
drop index idx_activity_events_student;
drop index idx_quiz_attempts_student;
drop index idx_chat_messages_student;

-- Views over the sums from here on.
drop view creator_analytics_cache;
drop view student_engagement_tiers;
drop table daily_active_users;
