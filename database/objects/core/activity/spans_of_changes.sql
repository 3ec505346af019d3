-- Which days and visits a change of activity may have affected. A key is a student, a video or NULL, and a quarter of an hour;
-- keys without an instant mean everything of the student and are left out here.

-- The first instant of a local day. Where midnight occurs twice, `at time zone` takes the second.
create or replace function first_instant(day date, zone text)
returns timestamptz
language sql
immutable
parallel safe
as $$
    select
        case
            when ((day::timestamp at time zone zone) - interval '1 hour') at time zone zone >= day::timestamp
                then (day::timestamp at time zone zone) - interval '1 hour'
            else day::timestamp at time zone zone
        end;
$$;

-- Spans of time, in parallel arrays: every visit that a change may have affected begins in one of them, and none extends past
-- the end of its span.
create or replace function spans_of_changes(
    creator uuid,
    folded_generation integer,
    folded_course integer,
    folded_run integer,
    moment timestamptz,
    students_named uuid[],
    videos_named uuid[],
    instants_named timestamptz[],
    out students uuid[],
    out starts timestamptz[],
    out ends timestamptz[]
)
language plpgsql
as $$
declare
    whole_students constant uuid[] := array(
        select distinct named.student_id
        from unnest(students_named, instants_named) as named (student_id, instant)
        where named.instant is null
    );
begin
    -- Bounds are computed before they are compared: under row level security an index is searched only for bare values.
    with quarters_named as materialized (
        select distinct
            named.student_id,
            named.video_id,
            date_bin(interval '15 minutes', named.instant, timestamptz '2000-01-01 00:00:00+00') as began_at,
            date_bin(interval '15 minutes', named.instant, timestamptz '2000-01-01 00:00:00+00') + interval '15 minutes' as ended_at
        from unnest(students_named, videos_named, instants_named) as named (student_id, video_id, instant)
        where
            named.instant is not null
            and named.student_id <> all(whole_students)
    ),

    -- How far playback that begins in the quarter extends.
    quarters_measured as materialized (
        select
            student_id,
            began_at,
            greatest(
                ended_at,
                max(
                    (
                        select max(watch_segments.watched_at + (watch_segments.end_second - watch_segments.start_second) * interval '1 second')
                        from watch_segments
                        where
                            watch_segments.creator_id = creator
                            and watch_segments.student_id = quarters_named.student_id
                            and watch_segments.video_id = quarters_named.video_id
                            and watch_segments.watched_at >= quarters_named.began_at
                            and watch_segments.watched_at < quarters_named.ended_at
                            and watch_segments.watched_at <= moment
                    )
                )
            ) as ended_at
        from quarters_named
        group by
            student_id,
            began_at,
            ended_at
    ),

    -- From the visit that the quarter may continue …
    spans_begun as materialized (
        select
            student_id,
            ended_at,
            ended_at + interval '30 minutes' as continued_until,
            least(
                began_at,
                (
                    -- The student's visits are read first and sorted afterwards: if it were asked for just the last one, the
                    -- planner might walk through everybody's instead.
                    select
                        case
                            when earlier.ended_at >= quarters_measured.began_at - interval '30 minutes'
                                then date_bin(interval '15 minutes', earlier.started_at, timestamptz '2000-01-01 00:00:00+00')
                        end
                    from (
                        select
                            visits.started_at,
                            visits.ended_at
                        from visits
                        where
                            visits.creator_id = creator
                            and visits.generation = folded_generation
                            and visits.course = folded_course
                            and visits.run = folded_run
                            and visits.student_id = quarters_measured.student_id
                            and visits.started_at <= quarters_measured.began_at
                        offset 0
                    ) as earlier
                    order by earlier.started_at desc
                    limit 1
                )
            ) as began_at
        from quarters_measured
    ),

    -- … to the end of the visits that may continue it.
    spans_ended as (
        select
            student_id,
            began_at,
            greatest(
                ended_at,
                (
                    select max(visits.ended_at)
                    from visits
                    where
                        visits.creator_id = creator
                        and visits.generation = folded_generation
                        and visits.course = folded_course
                        and visits.run = folded_run
                        and visits.student_id = spans_begun.student_id
                        and visits.started_at between spans_begun.began_at and spans_begun.continued_until
                )
            ) as ended_at
        from spans_begun
    ),

    spans_followed as (
        select
            student_id,
            began_at,
            ended_at,
            max(ended_at) over (
                partition by student_id
                order by began_at, ended_at
                rows between unbounded preceding and 1 preceding
            ) as ended_before
        from spans_ended
    ),

    spans_numbered as (
        select
            student_id,
            began_at,
            ended_at,
            count(*) filter (where ended_before is null or began_at > ended_before + interval '30 minutes') over (
                partition by student_id
                order by began_at, ended_at
                rows between unbounded preceding and current row
            ) as number
        from spans_followed
    ),

    spans_joined as (
        select
            student_id,
            min(began_at) as began_at,
            max(ended_at) as ended_at
        from spans_numbered
        group by
            student_id,
            number
    )

    select
        coalesce(array_agg(student_id order by student_id, began_at), '{}'),
        coalesce(array_agg(began_at order by student_id, began_at), '{}'),
        coalesce(array_agg(ended_at order by student_id, began_at), '{}')
    into students, starts, ends
    from spans_joined;
end;
$$;

revoke execute on function first_instant(date, text) from public;
revoke execute on function spans_of_changes(uuid, integer, integer, integer, timestamptz, uuid[], uuid[], timestamptz[]) from public;
