-- Marks of students, and of videos with their files and curves.

create or replace function note_students()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op = 'INSERT' then
        if is_rebuilt_anyway() then
            return null;
        end if;
        for touched in
            select creator_id, array_agg(id) as students
            from new_rows
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'enrolled', touched.students);
            perform note_change(touched.creator_id, 'arrived', touched.students);
        end loop;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        for touched in
            select
                new_rows.creator_id,
                array_agg(new_rows.id) filter (
                    where (new_rows.deleted_at is null) is distinct from (old_rows.deleted_at is null)
                ) as gone_or_back,
                array_agg(new_rows.id) filter (where new_rows.created_at is distinct from old_rows.created_at) as enrolled,
                (array_agg(new_rows.id))[1:1] as anybody
            from new_rows
            left join old_rows on old_rows.creator_id = new_rows.creator_id and old_rows.id = new_rows.id
            group by new_rows.creator_id
        loop
            perform note_change(touched.creator_id, 'touched', touched.anybody);
            if touched.gone_or_back is not null then
                perform note_change(touched.creator_id, 'left', touched.gone_or_back);
            end if;
            if touched.enrolled is not null then
                perform note_change(touched.creator_id, 'enrolled', touched.enrolled);
            end if;
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(id) as students
        from old_rows
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'left', touched.students);
        end if;
    end loop;
    return null;
end;
$$;

-- A transition table belongs to one event, so each table needs three triggers.
create or replace trigger note_insert after insert on students
referencing new table as new_rows for each statement execute function note_students();

create or replace trigger note_update after update on students
referencing old table as old_rows new table as new_rows for each statement execute function note_students();

create or replace trigger note_delete after delete on students
referencing old table as old_rows for each statement execute function note_students();

create or replace function note_videos()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op = 'INSERT' then
        if is_rebuilt_anyway() then
            return null;
        end if;
        for touched in
            select creator_id, array_agg(id) as videos
            from new_rows
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'arrived', touched.videos);
        end loop;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        for touched in
            select
                new_rows.creator_id,
                array_agg(new_rows.id) filter (
                    where
                        (new_rows.status, new_rows.is_published, new_rows.deleted_at is null, new_rows.duration_seconds)
                        is distinct from (old_rows.status, old_rows.is_published, old_rows.deleted_at is null, old_rows.duration_seconds)
                ) as published,
                array_agg(new_rows.id) filter (
                    where
                        new_rows.status = 'completed'
                        and new_rows.is_published
                        and (new_rows.position, new_rows.created_at) is distinct from (old_rows.position, old_rows.created_at)
                ) as reordered,
                (array_agg(new_rows.id))[1:1] as anything
            from new_rows
            left join old_rows on old_rows.creator_id = new_rows.creator_id and old_rows.id = new_rows.id
            group by new_rows.creator_id
        loop
            perform note_change(touched.creator_id, 'touched', touched.anything);
            if touched.published is not null then
                perform note_change(touched.creator_id, 'published', touched.published);
            end if;
            if touched.reordered is not null then
                perform note_change(touched.creator_id, 'reordered', touched.reordered);
            end if;
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(id) as videos
        from old_rows
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'touched', touched.videos);
        end if;
    end loop;
    return null;
end;
$$;

create or replace trigger note_insert after insert on videos
referencing new table as new_rows for each statement execute function note_videos();

create or replace trigger note_update after update on videos
referencing old table as old_rows new table as new_rows for each statement execute function note_videos();

create or replace trigger note_delete after delete on videos
referencing old table as old_rows for each statement execute function note_videos();

create or replace function note_retention_points()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op in ('INSERT', 'UPDATE') then
        for touched in
            select creator_id, array_agg(distinct video_id) as videos
            from new_rows
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'published', touched.videos);
        end loop;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        for touched in
            select creator_id, array_agg(distinct video_id) as videos
            from old_rows
            group by creator_id
        loop
            if is_known_creator(touched.creator_id) then
                perform note_change(touched.creator_id, 'published', touched.videos);
            end if;
        end loop;
    end if;
    return null;
end;
$$;

create or replace trigger note_insert after insert on retention_points
referencing new table as new_rows for each statement execute function note_retention_points();

create or replace trigger note_update after update on retention_points
referencing old table as old_rows new table as new_rows for each statement execute function note_retention_points();

create or replace trigger note_delete after delete on retention_points
referencing old table as old_rows for each statement execute function note_retention_points();

-- An edition that begins later changes the figures only then.
create or replace function note_video_editions()
returns trigger
language plpgsql
as $$
declare
    touched record;
    moment constant timestamptz := dashboard_now();
begin
    if tg_op in ('INSERT', 'UPDATE') then
        for touched in
            select
                creator_id,
                array_agg(distinct video_id) as videos,
                array_agg(video_id) filter (where began_at > moment) as later_videos,
                array_agg(began_at) filter (where began_at > moment) as later_instants
            from new_rows
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'published', touched.videos);
            if touched.later_videos is not null then
                insert into changes (creator_id, due_at, kind, subjects)
                select
                    touched.creator_id,
                    later.began_at,
                    'published',
                    array[later.video_id]
                from unnest(touched.later_videos, touched.later_instants) as later (video_id, began_at);
            end if;
        end loop;
    end if;
    if tg_op in ('UPDATE', 'DELETE') then
        for touched in
            select creator_id, array_agg(distinct video_id) as videos
            from old_rows
            group by creator_id
        loop
            if is_known_creator(touched.creator_id) then
                perform note_change(touched.creator_id, 'published', touched.videos);
            end if;
        end loop;
    end if;
    return null;
end;
$$;

create or replace trigger note_insert after insert on video_editions
referencing new table as new_rows for each statement execute function note_video_editions();

create or replace trigger note_update after update on video_editions
referencing old table as old_rows new table as new_rows for each statement execute function note_video_editions();

create or replace trigger note_delete after delete on video_editions
referencing old table as old_rows for each statement execute function note_video_editions();

revoke execute on function note_students() from public;
revoke execute on function note_videos() from public;
revoke execute on function note_retention_points() from public;
revoke execute on function note_video_editions() from public;
