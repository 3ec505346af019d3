-- A generation that is being built has its students' rows first, which several connections may build at once, and then
-- its sums. So each row of a sum is written a few times, and not once for every hundred students.

-- Up to which student and which video the sums of a generation hold what the folds hold; all of a generation that is shown.
alter table creator_generations
drop column built_to,
add column students_added_to uuid not null default 'ffffffff-ffff-ffff-ffff-ffffffffffff',
add column videos_added_to uuid not null default 'ffffffff-ffff-ffff-ffff-ffffffffffff';

-- The students of the generation that is being built, in ranges of as many each: whoever locks a row builds on in it.
create table building_ranges (
    creator_id uuid not null,
    generation integer not null,
    last_student uuid not null, -- of the range
    built_to uuid not null, -- the last that is built; first it is the last of the range before
    students_built integer not null default 0,
    students_to_build integer not null, -- when it began
    primary key (creator_id, generation, last_student),
    foreign key (creator_id, generation) references creator_generations (creator_id, generation) on delete cascade
);

alter table building_ranges enable row level security;
alter table building_ranges force row level security;
create policy one_creator on building_ranges using (creator_id = current_creator()) with check (creator_id = current_creator());
grant select on building_ranges to dashboard_app;

-- Ranges begin behind this id, so nobody may have it.
alter table students add constraint students_id_not_nil check (id <> '00000000-0000-0000-0000-000000000000') not valid;
alter table videos add constraint videos_id_not_nil check (id <> '00000000-0000-0000-0000-000000000000') not valid;

-- These take another argument now, or give another column.
drop function if exists fold_students(uuid, integer, uuid[]);
drop function if exists fold_watching(uuid, integer, uuid[], uuid[], timestamptz[]);
drop function if exists fold_activity(uuid, integer, uuid[], uuid[], timestamptz[]);
drop function if exists fold_visits(
    uuid, integer, text, uuid[], timestamptz[], timestamptz[], uuid[], timestamptz[], timestamptz[], timestamptz[]
);
drop function if exists fold_chat(uuid, integer, uuid[], uuid[]);
drop function if exists fold_quizzes(uuid, integer, uuid[], uuid[]);
drop function if exists fold_attempts(uuid, integer, uuid[], uuid[]);
drop function if exists fold_first_answers(uuid, integer, uuid[], uuid[]);
drop function if exists refresh_portion(uuid, integer, integer);

-- What was being built is begun again.
set local role dashboard_platform;
insert into changes (creator_id, kind, subjects)
select
    creator_id,
    'moved',
    array[creator_id]
from creator_generations
where state = 'building';
reset role;
