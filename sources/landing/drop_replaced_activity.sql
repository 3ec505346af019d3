-- One row per kept activity that playback, which came later, says too.
delete from activity_events
using unnest(
    cast(:students as uuid[]),
    cast(:videos as uuid[]),
    cast(:instants as timestamptz[])
) as given (student_id, video_id, instant)
where
    activity_events.creator_id = :creator_id
    and activity_events.student_id = given.student_id
    and activity_events.video_id = given.video_id
    and activity_events.occurred_at between given.instant - interval '30 minutes' and given.instant + interval '30 minutes'
    and activity_events.kind = 'watched_before'
    and activity_events.import_number is not null
