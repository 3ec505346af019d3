-- Which days and visits a change of activity may have moved. A key is a student, a video or NULL, and a quarter of an hour;
-- those without an instant mean everything of the student, and are left out here.

-- The first instant of a local day. Where its midnight comes twice, `at time zone` takes the second.
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

-- Spans of time, in parallel arrays: every visit that a change may have moved begins in one of them, and none reaches over
-- their ends.
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

    -- How far playback reaches that begins in the quarter.
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
                    -- The student's visits are read first and put in order then: asked for the last one, the planner may
                    -- walk through everybody's instead.
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

    -- … to the end of those that may continue it.
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

-- The days to fold, whose first instants and ends tell what to read; and the videos to read on each of them. Of a full day,
-- on which much of what the student ever watched was watched, all is read in one go: a look-up for each video costs more.
create or replace function days_of_changes(
    creator uuid,
    folded_generation integer,
    folded_course integer,
    folded_run integer,
    zone text,
    students_named uuid[],
    videos_named uuid[],
    instants_named timestamptz[],
    span_students uuid[],
    span_starts timestamptz[],
    span_ends timestamptz[],
    students_here uuid[],
    out students uuid[],
    out days date[],
    out starts timestamptz[],
    out ends timestamptz[],
    out are_here boolean[],
    out viewers uuid[],
    out videos uuid[],
    out video_starts timestamptz[],
    out video_ends timestamptz[],
    out full_students uuid[],
    out full_starts timestamptz[],
    out full_ends timestamptz[]
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
    -- A visit may cross midnight: the days before and behind are folded along, where the student was there.
    with spans_dated as materialized (
        select
            student_id,
            (began_at at time zone zone)::date as first_day,
            (ended_at at time zone zone)::date as last_day
        from unnest(span_students, span_starts, span_ends) as spans (student_id, began_at, ended_at)
    ),

    days_known as (
        select distinct
            spans_dated.student_id,
            known.day
        from spans_dated
        cross join lateral (
            select day
            from student_days
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = spans_dated.student_id
                and day between spans_dated.first_day and spans_dated.last_day
            offset 0
        ) as known
    ),

    days_found as (
        select
            student_id,
            day
        from days_known
        union
        select
            named.student_id,
            (named.instant at time zone zone)::date
        from unnest(students_named, instants_named) as named (student_id, instant)
        where
            named.instant is not null
            and named.student_id <> all(whole_students)
    )

    select
        array_agg(student_id),
        array_agg(day),
        array_agg(first_instant(day, zone)),
        array_agg(first_instant(day + 1, zone)),
        array_agg(student_id in (select here.student_id from unnest(students_here) as here (student_id)))
    into students, days, starts, ends, are_here
    from days_found;

    with days_here as materialized (
        select
            found.student_id,
            found.day,
            found.began_at,
            found.ended_at,
            known.video_ids,
            coalesce(10 * cardinality(known.video_ids) >= totals.videos_watched and known.video_ids <> '{}', false) as is_full
        from unnest(students, days, starts, ends, are_here) as found (student_id, day, began_at, ended_at, is_here)
        left join lateral (
            select video_ids
            from student_days
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = found.student_id
                and day = found.day
            limit 1
        ) as known on true
        left join lateral (
            select videos_watched
            from student_totals
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = found.student_id
            limit 1
        ) as totals on true
        where found.is_here
    ),

    full_days as (
        select
            array_agg(student_id order by student_id, began_at) as students,
            array_agg(began_at order by student_id, began_at) as starts,
            array_agg(ended_at order by student_id, began_at) as ends
        from days_here
        where is_full
    ),

    videos_found as (
        select
            days_here.student_id,
            days_here.began_at,
            days_here.ended_at,
            watched.video_id
        from days_here
        cross join lateral unnest(days_here.video_ids) as watched (video_id)
        where not days_here.is_full
        union
        select
            student_id,
            began_at,
            ended_at,
            video_id
        from (
            select
                student_id,
                video_id,
                max(began_at) over (partition by student_id, day) as began_at,
                max(ended_at) over (partition by student_id, day) as ended_at
            from (
                select
                    student_id,
                    day,
                    began_at,
                    ended_at,
                    null::uuid as video_id
                from days_here
                where not is_full
                union all
                select
                    named.student_id,
                    (named.instant at time zone zone)::date,
                    null,
                    null,
                    named.video_id
                from unnest(students_named, videos_named, instants_named) as named (student_id, video_id, instant)
                where named.video_id is not null
            ) as told
        ) as placed
        where
            video_id is not null
            and began_at is not null
    )

    select
        (select full_days.students from full_days),
        (select full_days.starts from full_days),
        (select full_days.ends from full_days),
        coalesce(array_agg(student_id order by student_id, video_id, began_at), '{}'),
        coalesce(array_agg(video_id order by student_id, video_id, began_at), '{}'),
        coalesce(array_agg(began_at order by student_id, video_id, began_at), '{}'),
        coalesce(array_agg(ended_at order by student_id, video_id, began_at), '{}')
    into full_students, full_starts, full_ends, viewers, videos, video_starts, video_ends
    from videos_found;
end;
$$;

-- First and last are no sums: the student's days are read. Asked for the first or last of them, the planner may walk through
-- everybody's days instead.
create or replace function count_seen_days(
    creator uuid,
    folded_generation integer,
    folded_course integer,
    folded_run integer,
    students_folded uuid[],
    days_won integer[]
)
returns void
language plpgsql
as $$
begin
    insert into student_totals as known (creator_id, generation, course, run, student_id, first_at, last_at, seen_days)
    select
        creator,
        folded_generation,
        folded_course,
        folded_run,
        student_id,
        first_at,
        last_at,
        seen_days
    from (
        select
            folded.student_id,
            folded.days_won as seen_days,
            min(days_seen.first_at) as first_at,
            max(days_seen.last_at) as last_at
        from unnest(students_folded, days_won) as folded (student_id, days_won)
        left join lateral (
            select
                first_at,
                last_at
            from student_days
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = folded.student_id
            offset 0
        ) as days_seen on true
        group by
            folded.student_id,
            folded.days_won
    ) as seen
    on conflict (creator_id, generation, course, run, student_id) do update set
        first_at = excluded.first_at,
        last_at = excluded.last_at,
        seen_days = known.seen_days + excluded.seen_days
    where
        excluded.seen_days <> 0
        or (known.first_at, known.last_at) is distinct from (excluded.first_at, excluded.last_at);
end;
$$;

-- Delete rows of a generation that nobody sees, so many of each relation. The number of rows.
create or replace function clear_activity(creator uuid, old_generation integer, most_rows integer)
returns integer
language plpgsql
as $$
declare
    cleared integer := 0;
    deleted integer;
begin
    delete from student_days
    where ctid = any(array(select ctid from student_days where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from visits
    where ctid = any(array(select ctid from visits where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from day_hours
    where ctid = any(array(select ctid from day_hours where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    cleared := cleared + deleted;
    delete from day_gaps
    where ctid = any(array(select ctid from day_gaps where creator_id = creator and generation = old_generation limit most_rows));
    get diagnostics deleted = row_count;
    return cleared + deleted;
end;
$$;

revoke execute on function first_instant(date, text) from public;
revoke execute on function spans_of_changes(uuid, integer, integer, integer, timestamptz, uuid[], uuid[], timestamptz[]) from public;
revoke execute on function days_of_changes(
    uuid, integer, integer, integer, text, uuid[], uuid[], timestamptz[], uuid[], timestamptz[], timestamptz[], uuid[]
) from public;
revoke execute on function count_seen_days(uuid, integer, integer, integer, uuid[], integer[]) from public;
revoke execute on function clear_activity(uuid, integer, integer) from public;
