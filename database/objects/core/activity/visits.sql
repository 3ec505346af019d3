-- Refold the visits that begin in these spans of time, from the quarters of an hour in which the students did anything: when
-- the first activity of each began and the last one ended. A quarter is shorter than a gap, so it lies within one visit.
create or replace function fold_visits(
    creator uuid,
    folded_generation integer,
    folded_course integer,
    folded_run integer,
    zone text,
    span_students uuid[],
    span_starts timestamptz[],
    span_ends timestamptz[],
    quarter_students uuid[],
    quarters_began timestamptz[],
    quarter_firsts timestamptz[],
    quarter_ends timestamptz[],
    added_to uuid,
    slice_after uuid,
    slice_to uuid
)
returns void
language plpgsql
as $$
begin
    with spans_read as materialized (
        select
            student_id,
            began_at,
            ended_at
        from unnest(span_students, span_starts, span_ends) as spans (student_id, began_at, ended_at)
    ),

    -- Each quarter together with the span that it lies in, if any; spans of one student do not touch.
    quarters_placed as (
        select
            student_id,
            first_at,
            ended_at,
            count(span_ended_at) over (
                partition by student_id
                order by began_at, span_ended_at
                rows between unbounded preceding and current row
            ) as span,
            max(span_ended_at) over (
                partition by student_id
                order by began_at, span_ended_at
                rows between unbounded preceding and current row
            ) as span_ended_at
        from (
            select
                student_id,
                began_at,
                first_at,
                ended_at,
                null::timestamptz as span_ended_at
            from unnest(quarter_students, quarters_began, quarter_firsts, quarter_ends) as quarters (student_id, began_at, first_at, ended_at)
            union all
            select
                student_id,
                began_at,
                null,
                null,
                ended_at
            from spans_read
        ) as told
    ),

    quarters_followed as (
        select
            student_id,
            span,
            first_at,
            ended_at,
            max(ended_at) over (
                partition by student_id, span
                order by first_at
                rows between unbounded preceding and 1 preceding
            ) as ended_before
        from quarters_placed
        where
            first_at is not null
            and first_at <= span_ended_at
    ),

    quarters_numbered as (
        select
            student_id,
            span,
            first_at,
            ended_at,
            count(*) filter (where ended_before is null or first_at > ended_before + interval '30 minutes') over (
                partition by student_id, span
                order by first_at
                rows between unbounded preceding and current row
            ) as number
        from quarters_followed
    ),

    new_visits as (
        select
            student_id,
            min(first_at) as started_at,
            max(ended_at) as ended_at
        from quarters_numbered
        group by
            student_id,
            span,
            number
    ),

    old_visits as (
        select known.*
        from spans_read
        cross join lateral (
            select
                ctid as place,
                student_id,
                started_at,
                ended_at
            from visits
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = spans_read.student_id
                and started_at between spans_read.began_at and spans_read.ended_at
            offset 0
        ) as known
    ),

    visits_changed as materialized (
        select
            student_id,
            started_at,
            ended_at,
            sum(sign)::integer as sign,
            max(place) as place
        from (
            select
                student_id,
                started_at,
                ended_at,
                1 as sign,
                null::tid as place
            from new_visits
            union all
            select
                student_id,
                started_at,
                ended_at,
                -1,
                place
            from old_visits
        ) as signed_visits
        group by
            student_id,
            started_at,
            ended_at
        having sum(sign) <> 0
    ),

    visits_dropped as (
        delete from visits
        where
            creator_id = creator
            and ctid = any(
                array(
                    select max(place)
                    from visits_changed
                    group by
                        student_id,
                        started_at
                    having max(sign) < 0
                )
            )
    ),

    visits_kept as (
        insert into visits as known (creator_id, generation, course, run, student_id, started_at, ended_at)
        select
            creator,
            folded_generation,
            folded_course,
            folded_run,
            student_id,
            started_at,
            ended_at
        from visits_changed
        where sign > 0
        on conflict (creator_id, generation, course, run, student_id, started_at) do update set ended_at = excluded.ended_at
    ),

    visits_added as (
        select
            started_at,
            ended_at,
            sign
        from visits_changed
        where student_id <= added_to
        union all
        select
            started_at,
            ended_at,
            1
        from visits
        where
            creator_id = creator
            and generation = folded_generation
            and course = folded_course
            and run = folded_run
            and student_id > slice_after
            and student_id <= slice_to
    )

    insert into days as known (creator_id, generation, course, run, day, visits, visit_seconds)
    select
        creator,
        folded_generation,
        folded_course,
        folded_run,
        (started_at at time zone zone)::date,
        sum(sign),
        sum(sign * round(extract(epoch from ended_at - started_at)))
    from visits_added
    group by (started_at at time zone zone)::date
    having (sum(sign), sum(sign * round(extract(epoch from ended_at - started_at)))) <> (0, 0)
    on conflict (creator_id, generation, course, run, day) do update set
        visits = known.visits + excluded.visits,
        visit_seconds = known.visit_seconds + excluded.visit_seconds;
end;
$$;

revoke execute on function fold_visits(
    uuid, integer, integer, integer, text, uuid[], timestamptz[], timestamptz[], uuid[], timestamptz[], timestamptz[], timestamptz[], uuid, uuid, uuid
) from public;
