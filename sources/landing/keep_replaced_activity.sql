-- One row per instant of progress that was replaced: the activity stays, unless playback within 30 minutes says the same.
insert into activity_events (creator_id, id, student_id, video_id, kind, occurred_at, import_number)
select distinct
    cast(:creator_id as uuid),
    given.id,
    given.student_id,
    given.video_id,
    'watched_before',
    given.instant,
    cast(:number as integer)
from unnest(
    cast(:ids as uuid[]),
    cast(:students as uuid[]),
    cast(:videos as uuid[]),
    cast(:instants as timestamptz[])
) as given (id, student_id, video_id, instant)
where
    not exists (
        select
        from watch_segments
        where
            watch_segments.creator_id = :creator_id
            and watch_segments.student_id = given.student_id
            and watch_segments.video_id = given.video_id
            and watch_segments.watched_at between given.instant - interval '30 minutes' and given.instant + interval '30 minutes'
    )
on conflict (creator_id, id) do nothing
