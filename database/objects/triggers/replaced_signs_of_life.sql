-- Platforms overwrite last_watched when a student comes back. The sign of life that stood
-- there is kept as an event, so that past days never lose a student or a video.
create or replace function keep_replaced_sign_of_life()
returns trigger
language plpgsql
as $$
begin
    insert into activity_events (creator_id, student_id, video_id, kind, occurred_at)
    select
        old_rows.creator_id,
        old_rows.student_id,
        old_rows.video_id,
        'watched_before',
        replaced.occurred_at
    from old_rows
    join new_rows using (creator_id, student_id, video_id)
    cross join lateral (values (old_rows.first_watched), (old_rows.last_watched)) as replaced (occurred_at)
    where replaced.occurred_at not in (new_rows.first_watched, new_rows.last_watched)
    group by old_rows.creator_id, old_rows.student_id, old_rows.video_id, replaced.occurred_at;
    return null;
end;
$$;

create or replace trigger keep_replaced_sign_of_life
after update on video_progress
referencing old table as old_rows new table as new_rows
for each statement execute function keep_replaced_sign_of_life();

revoke execute on function keep_replaced_sign_of_life() from public;
