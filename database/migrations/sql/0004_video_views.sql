-- One row per creator and view of a video by a student who is not deleted.
-- "Views in 7 days" moves with the clock: it is counted from here when read. Counting it from
-- 2.6 million segments took 4 s.
create table video_views (
    creator_id uuid not null references creators (id) on delete cascade,
    student_id uuid not null,
    video_id uuid not null,
    began_at timestamptz not null,
    primary key (creator_id, student_id, video_id, began_at)
);

create index idx_video_views_began_at on video_views (creator_id, began_at) include (video_id);

alter table video_views enable row level security;
alter table video_views force row level security;
create policy one_creator on video_views using (creator_id = current_creator()) with check (creator_id = current_creator());
grant select on video_views to dashboard_app;

-- Whatever is there already is counted by the next refresh.
set local role dashboard_platform;
insert into stale_marks (creator_id, kind, key)
select
    id,
    'everything',
    id::text
from creators;
reset role;
