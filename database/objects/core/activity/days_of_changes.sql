-- The days that a change of activity may have affected.

-- The days to fold, with the first instants and ends that say what to read, and the videos to read on each of them. A full day,
-- one on which the student watched much of what they ever watched, is read in one go: a look-up per video would cost more.
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
    -- A visit may cross midnight, so the days before and after are folded too if the student was active on them.
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

revoke execute on function days_of_changes(
    uuid, integer, integer, integer, text, uuid[], uuid[], timestamptz[], uuid[], timestamptz[], timestamptz[], uuid[]
) from public;
