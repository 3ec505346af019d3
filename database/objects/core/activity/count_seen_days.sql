-- The number of days on which each student was seen.

-- The first and last day are not sums, so the student's days are read. If the query asked for just the first or the last one,
-- the planner might walk through everybody's days instead.
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

revoke execute on function count_seen_days(uuid, integer, integer, integer, uuid[], integer[]) from public;
