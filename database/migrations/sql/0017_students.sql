-- What lists of students are sorted and described by.

alter table student_totals add column failed_in_a_row integer not null default 0; -- order statistic of attempts

-- In the order of the list of students: the latest first, equal ones by id, who never started last.
drop index idx_student_totals_last_at;
create index idx_student_totals_last_at
on student_totals (creator_id, generation, course, run, last_at desc nulls last, student_id);
