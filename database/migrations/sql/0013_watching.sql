-- What is watched: the folds and sums of playback and progress, and the natural key of a segment.

-- Source. One row per file of a video that replaced another one. Edition 1 is in force from the beginning, with or
-- without a row; a row of it keeps its length once it is replaced. In force at an instant is the greatest edition that
-- had begun by then.
create table video_editions (
    creator_id uuid not null,
    video_id uuid not null,
    edition integer not null check (edition >= 1),
    began_at timestamptz not null,
    duration_seconds integer check (duration_seconds >= 0), -- NULL: of the newest edition, the length of the video; else unknown
    primary key (creator_id, video_id, edition),
    foreign key (creator_id, video_id) references videos (creator_id, id) on delete cascade
);

-- Fold. One row per student, video and edition that the student watched; neither is deleted.
create table watched_videos (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0, -- 0: over all courses
    run integer not null default 0, -- 0: over all runs
    student_id uuid not null,
    video_id uuid not null,
    edition integer not null default 1,
    first_at timestamptz not null,
    last_at timestamptz not null,
    is_completed boolean not null,
    is_published boolean not null,
    share_hundredths integer, -- watched, of the length, in hundredths of a percent; NULL: unknown
    watched_seconds integer not null,
    ranges int4multirange, -- what was played, half-open seconds; NULL: no playback
    play_seconds integer[] not null default '{}', -- at play_seconds[i] the number of plays changes by play_changes[i]
    play_changes integer[] not null default '{}',
    exit_second integer, -- where playback stopped for good; NULL: it did not, or nobody can tell
    primary key (creator_id, generation, course, run, student_id, video_id, edition)
);

create index idx_watched_videos_last_at on watched_videos (creator_id, generation, course, run, video_id, edition, last_at desc);

-- Fold. One row per view: playback of one video by one student, with gaps of up to 30 minutes.
create table views (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    student_id uuid not null,
    began_at timestamptz not null,
    video_id uuid not null,
    ended_at timestamptz not null,
    edition integer not null default 1, -- in force when it began
    primary key (creator_id, generation, course, run, student_id, video_id, began_at)
);

-- Views of a while are counted video by video, so that what a video costs does not grow with the others.
create index idx_views_video on views (creator_id, generation, course, run, video_id, began_at);

-- Sum. One row per video and edition that anybody watched.
create table video_totals (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    video_id uuid not null,
    edition integer not null default 1,
    viewers integer not null default 0,
    playback_viewers integer not null default 0, -- those with playback: what a retention curve is of
    views bigint not null default 0,
    completions integer not null default 0,
    watched_seconds bigint not null default 0,
    share_sum bigint not null default 0, -- of watched shares, in hundredths of a percent
    share_count integer not null default 0,
    unfinished_share_sum bigint not null default 0, -- of those who have not completed
    unfinished_share_count integer not null default 0,
    high_shares integer not null default 0, -- 75 % and more
    low_shares integer not null default 0, -- less than 25 %
    primary key (creator_id, generation, course, run, video_id, edition)
);

-- Sum. One row per second of a video's edition at which anything changes. The number of viewers at a second is the sum
-- of all changes up to it.
create table video_seconds (
    creator_id uuid not null references creators (id) on delete cascade,
    generation integer not null,
    course integer not null default 0,
    run integer not null default 0,
    video_id uuid not null,
    edition integer not null default 1,
    second integer not null,
    viewers_change integer not null default 0, -- +1 where a watched range begins, -1 where it ends
    plays_change integer not null default 0,
    exits integer not null default 0, -- viewers who stopped here for good
    primary key (creator_id, generation, course, run, video_id, edition, second)
);

-- How far each student got. An order statistic of watched_videos.
alter table student_totals
add column furthest_video uuid, -- of the published ones that were started, the last in the course; NULL: none
add column furthest_completed boolean not null default false; -- any edition of it

do $$
declare
    name text;
begin
    foreach name in array array['video_editions', 'watched_videos', 'views', 'video_totals', 'video_seconds'] loop
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

grant insert, update, delete on video_editions to dashboard_app;

-- A segment is who played what from where, and when: told twice it is one, with the later end. Row level security binds
-- the owner too, so that the rows are merged creator by creator.
do $$
declare
    creator uuid;
    creator_ids uuid[];
    merged bigint;
    merged_in_all bigint := 0;
begin
    set local role dashboard_platform;
    creator_ids := array(select id from creators order by id);
    reset role;
    foreach creator in array creator_ids loop
        perform set_config('app.creator_id', creator::text, true);
        delete from watch_segments
        using (
            select
                ctid as place,
                row_number() over (
                    partition by
                        student_id,
                        video_id,
                        watched_at,
                        start_second
                    order by
                        end_second desc,
                        ctid desc
                ) as number
            from watch_segments
            where creator_id = creator
        ) as copies
        where
            watch_segments.creator_id = creator
            and watch_segments.ctid = copies.place
            and copies.number > 1;
        get diagnostics merged = row_count;
        merged_in_all := merged_in_all + merged;
    end loop;
    perform set_config('app.creator_id', '', true);
    raise notice '% segments of playback were told twice, and were merged.', merged_in_all;
end;
$$;

alter table watch_segments drop constraint watch_segments_pkey;
alter table watch_segments drop column id;
alter table watch_segments add primary key (creator_id, student_id, video_id, watched_at, start_second);
drop index idx_watch_segments_student;
drop index idx_watch_segments_watched_at;

-- A relation of the product's description: now a view over the sums. Its indexes go to what stands behind it.
drop function refresh_videos(uuid, uuid[]);
drop table video_analytics;
create index idx_video_analytics_creator on video_totals (creator_id);
create index idx_video_analytics_views on video_totals (views desc);
