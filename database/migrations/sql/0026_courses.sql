-- Courses, their runs, and who is enrolled in which. Until now a creator had one course without a name, which everybody was
-- enrolled in from the day on that they came: that is what every creator begins with.

-- `number` is the course in the keys of folds and sums, where 0 stands for every course; it never changes.
create table courses (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    number integer not null check (number > 0),
    external_id text not null default gen_random_uuid()::text,
    title text not null default '', -- empty: it has no name yet
    position integer not null default 0,
    created_at timestamptz not null default dashboard_now(),
    closed_at timestamptz,
    primary key (creator_id, id),
    unique (creator_id, number),
    unique (creator_id, external_id)
);

create table course_runs (
    creator_id uuid not null,
    course_id uuid not null,
    id uuid not null default gen_random_uuid(),
    number integer not null check (number > 0), -- among all runs of the creator
    external_id text not null default gen_random_uuid()::text,
    title text not null default '',
    created_at timestamptz not null default dashboard_now(),
    starts_at timestamptz check (starts_at >= '1990-01-01 00:00:00+00' and starts_at < '2100-01-01 00:00:00+00'), -- NULL: always
    ends_at timestamptz check (ends_at >= '1990-01-01 00:00:00+00' and ends_at < '2100-01-01 00:00:00+00'), -- NULL: it goes on
    primary key (creator_id, id),
    unique (creator_id, number),
    unique (creator_id, external_id),
    check (ends_at > starts_at),
    foreign key (creator_id, course_id) references courses (creator_id, id) on delete cascade
);

create index idx_course_runs_course on course_runs (creator_id, course_id);

create table enrolments (
    creator_id uuid not null,
    run_id uuid not null,
    student_id uuid not null,
    enrolled_at timestamptz not null default dashboard_now()
    check (enrolled_at >= '1990-01-01 00:00:00+00' and enrolled_at < '2100-01-01 00:00:00+00'),
    ended_at timestamptz check (ended_at >= '1990-01-01 00:00:00+00' and ended_at < '2100-01-01 00:00:00+00'),
    access_expires_at timestamptz check (access_expires_at >= '1990-01-01 00:00:00+00' and access_expires_at < '2100-01-01 00:00:00+00'),
    primary key (creator_id, student_id, run_id),
    check (ended_at >= enrolled_at),
    foreign key (creator_id, run_id) references course_runs (creator_id, id) on delete cascade,
    foreign key (creator_id, student_id) references students (creator_id, id) on delete cascade
);

create index idx_enrolments_run on enrolments (creator_id, run_id);

alter table videos add column course_id uuid;
alter table videos add column external_id text not null default gen_random_uuid()::text;
alter table quizzes add column course_id uuid;
alter table quizzes add column external_id text not null default gen_random_uuid()::text;
alter table quiz_questions add column external_id text not null default gen_random_uuid()::text;

do $$
declare
    tenant text;
begin
    foreach tenant in array array['courses', 'course_runs', 'enrolments'] loop
        execute format('alter table %I enable row level security', tenant);
        execute format('alter table %I force row level security', tenant);
        execute format(
            'create policy one_creator on %I using (creator_id = current_creator()) with check (creator_id = current_creator())', tenant
        );
        execute format('revoke all on %I from public', tenant);
        execute format('grant select, insert, update, delete on %I to dashboard_app', tenant);
    end loop;
end;
$$;

-- Row level security binds the owner too, and this is of all creators. Where videos, quizzes and students stand does not
-- change a figure: nothing is noted.
alter table creators no force row level security;
alter table students no force row level security;
alter table videos no force row level security;
alter table quizzes no force row level security;
alter table courses no force row level security;
alter table course_runs no force row level security;
alter table enrolments no force row level security;
alter table videos disable trigger user;
alter table quizzes disable trigger user;

insert into courses (creator_id, number, created_at)
select
    id,
    1,
    created_at
from creators;

insert into course_runs (creator_id, course_id, number, created_at)
select
    creator_id,
    id,
    1,
    created_at
from courses;

insert into enrolments (creator_id, run_id, student_id, enrolled_at)
select
    students.creator_id,
    course_runs.id as run_id,
    students.id as student_id,
    students.created_at
from students
join course_runs on course_runs.creator_id = students.creator_id;

update videos set course_id = courses.id from courses where courses.creator_id = videos.creator_id;
update quizzes set course_id = courses.id from courses where courses.creator_id = quizzes.creator_id;

alter table videos enable trigger user;
alter table quizzes enable trigger user;
alter table enrolments force row level security;
alter table course_runs force row level security;
alter table courses force row level security;
alter table quizzes force row level security;
alter table videos force row level security;
alter table students force row level security;
alter table creators force row level security;

alter table videos alter column course_id set not null;
alter table videos add foreign key (creator_id, course_id) references courses (creator_id, id);
alter table videos add unique (creator_id, external_id);
create index idx_videos_course on videos (creator_id, course_id);
alter table quizzes alter column course_id set not null;
alter table quizzes add foreign key (creator_id, course_id) references courses (creator_id, id);
alter table quizzes add unique (creator_id, external_id);
create index idx_quizzes_course on quizzes (creator_id, course_id);
alter table quiz_questions add unique (creator_id, external_id);

-- The levels of a generation: courses and runs, in parallel arrays; 0 is every one.
alter table creator_generations add column courses integer[] not null default '{0}';
alter table creator_generations add column runs integer[] not null default '{0}';

-- These take further arguments now, or give another column.
drop function if exists days_of_changes(
    uuid, integer, integer, integer, text, uuid[], uuid[], timestamptz[], uuid[], timestamptz[], timestamptz[]
);
drop function if exists fold_attempts(uuid, integer, integer, integer, uuid[], uuid[], uuid, uuid);
drop function if exists fold_first_answers(uuid, integer, integer, integer, uuid[], uuid[], uuid, uuid);
