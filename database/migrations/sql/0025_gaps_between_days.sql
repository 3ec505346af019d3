-- How long each student had been away on a day. The days of a period on which students were seen for the first time in it,
-- which is where their gap reaches out of it, are as many as the students: people are counted without a look at each.

alter table student_days add column gap_days integer not null default 0; -- since the day before it; 0: it is the first

-- Who came back after a long silence, by the day of the return.
create index idx_student_days_returns on student_days (creator_id, generation, course, run, day) where gap_days > 14;

-- Sum of student_days. One row per local day and number of days since the day before it.
create table day_gaps (
    creator_id uuid not null,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    day date not null,
    gap_days integer not null,
    students integer not null,
    primary key (creator_id, generation, course, run, day, gap_days)
);

alter table day_gaps enable row level security;
alter table day_gaps force row level security;
create policy one_creator on day_gaps using (creator_id = current_creator()) with check (creator_id = current_creator());
grant select on day_gaps to dashboard_app;

-- When a student who finished watched the last of the videos.
create index idx_watched_videos_completed on watched_videos (creator_id, generation, course, run, student_id, last_at)
where is_completed and is_published;

-- How many videos are published, which every list of students tells, is counted by an index alone.
create index idx_videos_published on videos (creator_id) where status = 'completed' and deleted_at is null;

-- What is folded already says how long: nothing need be built anew, and no figure is wrong for a moment. Row level security
-- binds the owner too.
alter table student_days no force row level security;
alter table day_gaps no force row level security;
alter table creator_generations no force row level security;
alter table enrolled_students no force row level security;
alter table student_totals no force row level security;

update student_days
set gap_days = measured.gap_days
from (
    select
        creator_id,
        generation,
        course,
        run,
        student_id,
        day,
        day - lag(day) over (partition by creator_id, generation, course, run, student_id order by day) as gap_days
    from student_days
) as measured
where
    student_days.creator_id = measured.creator_id
    and student_days.generation = measured.generation
    and student_days.course = measured.course
    and student_days.run = measured.run
    and student_days.student_id = measured.student_id
    and student_days.day = measured.day
    and measured.gap_days is not null;

insert into day_gaps (creator_id, generation, course, run, day, gap_days, students)
select
    student_days.creator_id,
    student_days.generation,
    student_days.course,
    student_days.run,
    student_days.day,
    student_days.gap_days,
    count(*)
from student_days
join creator_generations
    on
    creator_generations.creator_id = student_days.creator_id
    and creator_generations.generation = student_days.generation
where student_days.student_id <= creator_generations.students_added_to
group by
    student_days.creator_id,
    student_days.generation,
    student_days.course,
    student_days.run,
    student_days.day,
    student_days.gap_days;

alter table student_days force row level security;
alter table day_gaps force row level security;
-- Who did nothing yet has a row of zeros from here on.
insert into student_totals (creator_id, generation, course, run, student_id)
select
    creator_id,
    generation,
    course,
    run,
    student_id
from enrolled_students
on conflict (creator_id, generation, course, run, student_id) do nothing;

alter table creator_generations force row level security;
alter table enrolled_students force row level security;
alter table student_totals force row level security;
