-- Marks of playback and progress.

create or replace function note_watch_segments()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    -- An upsert fires the triggers of both inserts and updates, one of them usually for no row; that is most of what a beat
    -- costs.
    if tg_op <> 'DELETE' then
        if not exists (select from new_rows) then
            return null;
        end if;
    end if;
    if tg_op = 'INSERT' then
        if is_rebuilt_anyway() then
            return null;
        end if;
        for touched in
            select creator_id, array_agg(student_id) as students, array_agg(video_id) as videos, array_agg(instant) as instants
            from (select distinct creator_id, student_id, video_id, quarter_of(watched_at) as instant from new_rows) as keys
            group by creator_id
        loop
            insert into changes (creator_id, kind, subjects, objects, instants)
            values (touched.creator_id, 'watched', touched.students, touched.videos, touched.instants);
        end loop;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        for touched in
            select creator_id, array_agg(student_id) as students, array_agg(video_id) as videos, array_agg(instant) as instants
            from (
                select creator_id, student_id, video_id, quarter_of(watched_at) as instant from new_rows
                union
                select creator_id, student_id, video_id, quarter_of(watched_at) from old_rows
            ) as keys
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'watched', touched.students, touched.videos, touched.instants);
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(student_id) as students, array_agg(video_id) as videos, array_agg(instant) as instants
        from (select distinct creator_id, student_id, video_id, quarter_of(watched_at) as instant from old_rows) as keys
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'watched', touched.students, touched.videos, touched.instants);
        end if;
    end loop;
    return null;
end;
$$;

create or replace trigger note_insert after insert on watch_segments
referencing new table as new_rows for each statement execute function note_watch_segments();

create or replace trigger note_update after update on watch_segments
referencing old table as old_rows new table as new_rows for each statement execute function note_watch_segments();

create or replace trigger note_delete after delete on watch_segments
referencing old table as old_rows for each statement execute function note_watch_segments();

-- Progress, and the activity that it would overwrite: platforms overwrite last_watched when a student comes back. The earlier
-- instant is kept as an event, unless playback within 30 minutes of it says the same.
create or replace function note_video_progress()
returns trigger
language plpgsql
as $$
declare
    touched record;
begin
    if tg_op <> 'DELETE' then
        if not exists (select from new_rows) then
            return null;
        end if;
    end if;
    if tg_op = 'UPDATE' then
        for touched in
            select
                creator_id,
                array_agg(student_id) as students,
                array_agg(video_id) as videos,
                array_agg(instant) as instants,
                array_agg(replaced) as replaced
            from (
                select distinct
                    new_rows.creator_id,
                    new_rows.student_id,
                    new_rows.video_id,
                    moved.instant,
                    case when moved.instant not in (new_rows.first_watched, new_rows.last_watched) then moved.instant end as replaced
                from new_rows
                join old_rows
                    on
                        old_rows.creator_id = new_rows.creator_id
                        and old_rows.student_id = new_rows.student_id
                        and old_rows.video_id = new_rows.video_id
                cross join lateral (
                    values
                    (case when new_rows.first_watched <> old_rows.first_watched then new_rows.first_watched end),
                    (case when new_rows.first_watched <> old_rows.first_watched then old_rows.first_watched end),
                    (case when new_rows.last_watched <> old_rows.last_watched then new_rows.last_watched end),
                    (case when new_rows.last_watched <> old_rows.last_watched then old_rows.last_watched end),
                    (null)
                ) as moved (instant)
                where
                    moved.instant is not null
                    or (
                        (new_rows.first_watched, new_rows.last_watched) = (old_rows.first_watched, old_rows.last_watched)
                        and (new_rows.watch_duration, new_rows.watch_percentage, new_rows.completed)
                        is distinct from (old_rows.watch_duration, old_rows.watch_percentage, old_rows.completed)
                    )
            ) as keys
            group by creator_id
        loop
            insert into changes (creator_id, kind, subjects, objects, instants)
            values (touched.creator_id, 'watched', touched.students, touched.videos, touched.instants);
            -- A landing keeps it itself, so that it can be undone.
            if array_remove(touched.replaced, null) <> '{}' and coalesce(current_setting('app.landing', true), '') = '' then
                perform keep_replaced_activity(touched.creator_id, touched.students, touched.videos, touched.replaced);
            end if;
        end loop;
        return null;
    end if;
    if tg_op = 'INSERT' then
        if is_rebuilt_anyway() then
            return null;
        end if;
        for touched in
            select creator_id, array_agg(student_id) as students, array_agg(video_id) as videos, array_agg(instant) as instants
            from (
                select creator_id, student_id, video_id, quarter_of(first_watched) as instant from new_rows
                union
                select creator_id, student_id, video_id, quarter_of(last_watched) from new_rows
            ) as keys
            group by creator_id
        loop
            perform note_change(touched.creator_id, 'watched', touched.students, touched.videos, touched.instants);
        end loop;
        return null;
    end if;
    for touched in
        select creator_id, array_agg(student_id) as students, array_agg(video_id) as videos, array_agg(instant) as instants
        from (
            select creator_id, student_id, video_id, quarter_of(first_watched) as instant from old_rows
            union
            select creator_id, student_id, video_id, quarter_of(last_watched) from old_rows
        ) as keys
        group by creator_id
    loop
        if is_known_creator(touched.creator_id) then
            perform note_change(touched.creator_id, 'watched', touched.students, touched.videos, touched.instants);
        end if;
    end loop;
    return null;
end;
$$;

create or replace trigger note_insert after insert on video_progress
referencing new table as new_rows for each statement execute function note_video_progress();

create or replace trigger note_update after update on video_progress
referencing old table as old_rows new table as new_rows for each statement execute function note_video_progress();

create or replace trigger note_delete after delete on video_progress
referencing old table as old_rows for each statement execute function note_video_progress();

create or replace function keep_replaced_activity(creator uuid, students uuid[], videos uuid[], instants timestamptz[])
returns void
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
    kept record;
begin
    -- The bounds are calculated first: under row level security an index is used only for bare columns.
    with replaced as materialized (
        select
            student_id,
            video_id,
            instant,
            instant - interval '30 minutes' as earliest,
            instant + interval '30 minutes' as latest
        from unnest(students, videos, instants) as named (student_id, video_id, instant)
        where instant is not null
    )

    select
        array_agg(replaced.student_id) as students,
        array_agg(replaced.video_id) as videos,
        array_agg(replaced.instant) as instants
    into kept
    from replaced
    where
        -- In natural key order and without a scan, so that its index is used, whatever the statistics of a growing table say.
        (
            select watch_segments.watched_at
            from watch_segments
            where
                watch_segments.creator_id = creator
                and watch_segments.student_id = replaced.student_id
                and watch_segments.video_id = replaced.video_id
                and watch_segments.watched_at between replaced.earliest and replaced.latest
            order by watch_segments.watched_at
            limit 1
        ) is null;
    if kept.students is null then
        return;
    end if;
    insert into activity_events (creator_id, student_id, video_id, kind, occurred_at)
    select
        creator,
        replaced.student_id,
        replaced.video_id,
        'watched_before',
        replaced.instant
    from unnest(kept.students, kept.videos, kept.instants) as replaced (student_id, video_id, instant);
end;
$$;

revoke execute on function note_video_progress() from public;
revoke execute on function note_watch_segments() from public;
revoke execute on function keep_replaced_activity(uuid, uuid[], uuid[], timestamptz[]) from public;
grant execute on function keep_replaced_activity(uuid, uuid[], uuid[], timestamptz[]) to dashboard_app;
