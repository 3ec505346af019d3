-- What the folds and sums stand on: which generation of them readers see, what changed since they were last
-- brought up to date, and the sums that several folds add to. docs/core.md draws the whole.

-- The generations of a creator's folds and sums. Readers see the one that is shown; what changes the meaning of
-- every key (a time zone, a rebuild) is built beside it and shown by one commit, and the old one is cleared.
create table creator_generations (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    timezone text not null, -- whose days its rows count
    state text not null check (state in ('building', 'shown', 'gone')),
    built_to uuid, -- the last student that is built; NULL: none yet
    students_built integer not null default 0, -- of so many when it began, for people who wait
    students_to_build integer not null default 0,
    began_at timestamptz not null default clock_timestamp(),
    primary key (creator_id, generation)
);

create unique index idx_creator_generations_shown on creator_generations (creator_id) where state = 'shown';
create unique index idx_creator_generations_building on creator_generations (creator_id) where state = 'building';

-- What changed: one row per statement, creator and kind, with the smallest keys that it touched, as parallel arrays.
-- No unique index: a writer never waits for another writer or for a refresh. The kinds stand in core/changes.sql.
-- No foreign key either: it would cost every beat a look-up; a trigger on creators deletes a creator's changes.
create table changes (
    creator_id uuid not null,
    changed_at timestamptz not null default clock_timestamp(),
    due_at timestamptz, -- NULL: at once. Else the clock's time from which on the change counts.
    kind text not null,
    subjects uuid[] not null,
    objects uuid[] not null default '{}',
    instants timestamptz[] not null default '{}',
    -- How much work it is: one student who left stands for a whole history.
    keys integer not null generated always as (cardinality(subjects) * case kind when 'left' then 100 else 1 end) stored
);

create index idx_changes_creator on changes (creator_id, changed_at);
create index idx_changes_arrivals on changes (creator_id) where kind = 'arrived';
create index idx_changes_moved on changes (creator_id) where kind = 'moved';

-- Fold. One row per student who is enrolled (and not deleted), with the local day of enrolment.
create table enrolled_students (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0, -- 0: over all courses. Numbers are a creator's own.
    run integer not null default 0, -- 0: over all runs
    student_id uuid not null,
    enrolled_on date not null,
    primary key (creator_id, generation, course, run, student_id)
);

-- Sum. One row per student with anything to count. Each fold adds its own columns; first_at, last_at and seen_days are
-- order statistics of student_days.
create table student_totals (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    student_id uuid not null,
    first_at timestamptz, -- of student_days
    last_at timestamptz,
    seen_days integer not null default 0,
    videos_watched integer not null default 0, -- of watched_videos, as the next five
    videos_completed integer not null default 0, -- published ones
    share_sum bigint not null default 0, -- of watched shares, in hundredths of a percent
    share_count integer not null default 0,
    watched_seconds bigint not null default 0,
    views integer not null default 0, -- of views
    attempts integer not null default 0, -- of taken_quizzes, as the next
    passed integer not null default 0,
    chat_sessions integer not null default 0, -- of chat, as the next six
    chat_messages integer not null default 0,
    questions integer not null default 0,
    answered integer not null default 0,
    rating_sum bigint not null default 0, -- in hundredths
    rating_count integer not null default 0,
    primary key (creator_id, generation, course, run, student_id)
);

create index idx_student_totals_last_at on student_totals (creator_id, generation, course, run, last_at desc);

-- Sum. One row per course (course 0: all of them) and run.
create table course_totals (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    students integer not null default 0, -- of enrolled_students
    videos_watched bigint not null default 0, -- of watched_videos, as the next five
    completions bigint not null default 0,
    share_sum bigint not null default 0,
    share_count bigint not null default 0,
    watched_seconds bigint not null default 0,
    views bigint not null default 0, -- of views
    attempts bigint not null default 0, -- of taken_quizzes, as the next
    passed bigint not null default 0,
    chat_sessions bigint not null default 0, -- of chat, as the next six
    chat_messages bigint not null default 0,
    questions bigint not null default 0,
    answered bigint not null default 0,
    rating_sum bigint not null default 0,
    rating_count bigint not null default 0,
    primary key (creator_id, generation, course, run)
);

-- Sum. One row per local day (of the generation's zone) on which anything happened.
create table days (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    day date not null,
    enrolments integer not null default 0, -- of enrolled_students
    students integer not null default 0, -- of student_days, as the next two: different students with an activity
    activities integer not null default 0,
    watched_seconds bigint not null default 0,
    visits integer not null default 0, -- of visits: those that began on this day
    visit_seconds bigint not null default 0,
    last_watched integer not null default 0, -- of watched_videos: pairs last watched on this day
    share_sum bigint not null default 0, -- of these pairs
    share_count integer not null default 0,
    attempts integer not null default 0, -- of attempts, as the next two
    passed integer not null default 0,
    score_sum bigint not null default 0, -- in hundredths of a percent
    questions integer not null default 0, -- of asked_questions, as the next five
    answered integer not null default 0,
    good_ratings integer not null default 0,
    bad_ratings integer not null default 0,
    rating_sum bigint not null default 0,
    rating_count integer not null default 0,
    primary key (creator_id, generation, course, run, day)
);

-- Sum. One row per video and local day.
create table video_days (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    day date not null,
    video_id uuid not null,
    students integer not null default 0, -- of student_days: different students with an activity on the video
    views integer not null default 0, -- of views: those that began on this day
    questions integer not null default 0, -- of asked_questions
    primary key (creator_id, generation, course, run, day, video_id)
);

create index idx_video_days_video on video_days (creator_id, generation, course, run, video_id, day);

do $$
declare
    name text;
begin
    foreach name in array array[
        'creator_generations', 'changes', 'enrolled_students', 'student_totals', 'course_totals', 'days', 'video_days'
    ]
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

grant insert on changes to dashboard_app;
grant insert on changes to dashboard_platform;
grant select on changes, creator_generations, course_totals to dashboard_platform;
create policy directory_read on changes for select to dashboard_platform using (true);
create policy directory_write on changes for insert to dashboard_platform with check (true);
create policy directory_read on creator_generations for select to dashboard_platform using (true);
create policy directory_read on course_totals for select to dashboard_platform using (true);

-- Whatever is there already is built by the first portions.
set local role dashboard_platform;
insert into changes (creator_id, kind, subjects)
select
    id,
    'moved',
    array[id]
from creators;
reset role;
