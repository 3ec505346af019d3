-- What lists of students ask of an enrolment stands beside the student's sums: from when on, until when, and in which courses.
alter table student_totals add column enrolled_at timestamptz; -- NULL: not folded yet
alter table student_totals add column runs_until timestamptz not null default 'infinity'; -- the end of the last enrolment
alter table student_totals add column courses integer[]; -- enrolled in and not left, by number; NULL: not kept course by course

-- A published video that the student is to watch: of a course that the student has not left.
alter table watched_videos rename column is_published to is_required;

alter table students no force row level security;
alter table student_totals no force row level security;

update student_totals
set enrolled_at = students.created_at
from students
where
    students.creator_id = student_totals.creator_id
    and students.id = student_totals.student_id;

alter table student_totals force row level security;
alter table students force row level security;
