-- Students can watch a video that is completed (processed) and published. Whatever was completed before was shown at once.
alter table videos add column is_published boolean not null default true;
alter table videos add column width_pixels integer check (width_pixels > 0); -- as found in the file; NULL: unknown
alter table videos add column height_pixels integer check (height_pixels > 0);
alter table videos add column file_bytes bigint check (file_bytes > 0);
alter table videos add column poster_key text; -- a picture in the storage; NULL: none

-- A file that was replaced stays on record.
alter table video_editions add column storage_key text; -- NULL: of the newest edition, the video's; else unknown
alter table video_editions add column poster_key text;

-- One row per file that a browser sends, or has sent, for a video.
create table uploads (
    creator_id uuid not null references creators (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    video_id uuid not null,
    file_name text not null,
    file_bytes bigint check (file_bytes > 0), -- as announced, and so large it has to be; NULL: it arrived before this was kept
    modified_ms bigint not null, -- of the file, as the browser says: by name, size and this it is known again
    extension text not null,
    parts_key text, -- with a part's number behind it, where that part is stored; NULL: it arrived in one piece
    status text not null default 'receiving' check (
        status in ('receiving', 'received', 'processing', 'completed', 'failed', 'cancelled')
    ),
    attempt integer not null default 0, -- the fencing token: only the latest attempt may report anything
    workers_lost smallint not null default 0,
    heartbeat_at timestamptz, -- by the real clock, as changed_at: how long a process or a browser has been silent
    changed_at timestamptz not null default clock_timestamp(),
    storage_key text, -- of the whole file, noted before a byte of it is written
    is_stored boolean not null default false, -- the whole file is there
    sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
    error_message text,
    is_repeatable boolean not null default false, -- it failed, and not because of the file
    is_kept boolean not null default true, -- it takes up storage, and counts towards the quota
    created_by uuid, -- the account
    created_at timestamptz not null default dashboard_now(),
    ended_at timestamptz,
    primary key (creator_id, id),
    foreign key (creator_id, video_id) references videos (creator_id, id) on delete cascade,
    check (status <> 'completed' or (is_stored and storage_key is not null and sha256 is not null)),
    check (status <> 'failed' or error_message is not null)
);

create unique index idx_uploads_one_at_once on uploads (creator_id, video_id)
where status in ('receiving', 'received', 'processing');
create index idx_uploads_video on uploads (creator_id, video_id, changed_at desc);
create index idx_uploads_unfinished on uploads (status, changed_at) where status in ('receiving', 'received', 'processing');

-- One row per part that has arrived.
create table upload_parts (
    creator_id uuid not null references creators (id) on delete cascade,
    upload_id uuid not null,
    number integer not null check (number >= 0),
    size_bytes integer not null check (size_bytes > 0),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    primary key (creator_id, upload_id, number),
    foreign key (creator_id, upload_id) references uploads (creator_id, id) on delete cascade
);

do $$
declare
    name text;
begin
    foreach name in array array['uploads', 'upload_parts'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy one_creator on %I using (creator_id = current_creator()) with check (creator_id = current_creator())',
            name
        );
        execute format('grant select, insert, update, delete on %I to dashboard_app', name);
    end loop;
end;
$$;

grant select (creator_id, id, status, attempt, workers_lost, heartbeat_at, changed_at, parts_key, storage_key, is_kept)
on uploads to dashboard_platform;
create policy directory_read on uploads for select to dashboard_platform using (true);

-- What was uploaded so far was never looked into: it is now. Row level security binds the owner too.
do $$
declare
    creator uuid;
    creator_ids uuid[];
begin
    set local role dashboard_platform;
    creator_ids := array(select id from creators order by id);
    reset role;
    foreach creator in array creator_ids loop
        perform set_config('app.creator_id', creator::text, true);
        update videos
        set is_published = false
        where
            creator_id = creator
            and status <> 'completed';
        insert into uploads (creator_id, video_id, file_name, modified_ms, extension, status, storage_key, is_stored)
        select
            creator_id,
            id,
            title,
            0,
            split_part(storage_key, '.', 2),
            'received',
            storage_key,
            true
        from videos
        where
            creator_id = creator
            and status = 'uploaded'
            and storage_key is not null
            and deleted_at is null;
    end loop;
    perform set_config('app.creator_id', '', true);
end;
$$;
