-- A student's views are recomputed with the student: the refresh deletes and inserts the student's
-- row of student_activity, and these triggers follow, in the same transaction.
-- As the owner: before PostgreSQL 18 a cascade from `creators` fires it with the role that deletes the creator.
create or replace function delete_video_views()
returns trigger
language plpgsql
security definer
set search_path = public, pg_temp
as $$
begin
    delete from video_views
    using old_rows
    where
        video_views.creator_id = old_rows.creator_id
        and video_views.student_id = old_rows.student_id;
    return null;
end;
$$;

create or replace function insert_video_views()
returns trigger
language plpgsql
as $$
begin
    with playbacks_followed as (
        -- Without playback a started video is one view, begun when it was first watched.
        select
            video_progress.creator_id,
            video_progress.student_id,
            video_progress.video_id,
            coalesce(watch_segments.watched_at, video_progress.first_watched) as watched_at,
            lag(watch_segments.watched_at) over (
                partition by
                    video_progress.creator_id,
                    video_progress.student_id,
                    video_progress.video_id
                order by watch_segments.watched_at
            ) as before_at
        from new_rows
        join video_progress
            on
                video_progress.creator_id = new_rows.creator_id
                and video_progress.student_id = new_rows.student_id
        left join watch_segments
            on
                watch_segments.creator_id = video_progress.creator_id
                and watch_segments.student_id = video_progress.student_id
                and watch_segments.video_id = video_progress.video_id
    )

    -- A view is a run of playback with gaps of up to 30 minutes.
    insert into video_views (creator_id, student_id, video_id, began_at)
    select
        creator_id,
        student_id,
        video_id,
        watched_at
    from playbacks_followed
    where
        before_at is null
        or watched_at - before_at > interval '30 minutes';
    return null;
end;
$$;

create or replace trigger delete_video_views
after delete on student_activity
referencing old table as old_rows
for each statement execute function delete_video_views();

create or replace trigger insert_video_views
after insert on student_activity
referencing new table as new_rows
for each statement execute function insert_video_views();
