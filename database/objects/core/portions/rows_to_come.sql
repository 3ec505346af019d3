-- Note the rows of these students that lie after the clock. What was written is noted already; but a database may come with
-- such rows, and a clock may be set back to before what was counted. One change per kind and day, due with its first key: any
-- key of it that lies even later is then noted for later again.
create or replace function note_rows_to_come(creator uuid, students uuid[], moment timestamptz)
returns void
language plpgsql
as $$
begin
    insert into changes (creator_id, due_at, kind, subjects, objects, instants)
    select
        creator,
        min(instant),
        kind,
        array_agg(student_id),
        array_agg(object_id),
        array_agg(instant)
    from (
        select
            'watched' as kind,
            student_id,
            video_id as object_id,
            watched_at as instant
        from watch_segments
        where
            creator_id = creator
            and student_id = any(students)
            and watched_at > moment
        union
        select
            'watched',
            student_id,
            video_id,
            first_watched
        from video_progress
        where
            creator_id = creator
            and student_id = any(students)
            and first_watched > moment
        union
        select
            'watched',
            student_id,
            video_id,
            last_watched
        from video_progress
        where
            creator_id = creator
            and student_id = any(students)
            and last_watched > moment
        union
        select
            'acted',
            student_id,
            video_id,
            occurred_at
        from activity_events
        where
            creator_id = creator
            and student_id = any(students)
            and occurred_at > moment
        union
        select
            'attempted',
            student_id,
            quiz_id,
            completed_at
        from quiz_attempts
        where
            creator_id = creator
            and student_id = any(students)
            and completed_at > moment
        union
        select
            'asked',
            student_id,
            session_id,
            created_at
        from chat_messages
        where
            creator_id = creator
            and student_id = any(students)
            and created_at > moment
    ) as rows_to_come
    group by
        kind,
        date_bin(interval '1 day', instant, timestamptz '2000-01-01 00:00:00+00');
end;
$$;

revoke execute on function note_rows_to_come(uuid, uuid[], timestamptz) from public;
