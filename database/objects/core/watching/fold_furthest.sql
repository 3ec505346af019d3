-- How far each student got: among the videos that the student is to watch and has started, the last one in course order, and
-- whether any edition of it is completed. The keys are those of fold_watching, which was called before.
-- The named pairs and the furthest video known so far are enough, unless that one is gone: then all videos of the student are
-- read.
create or replace function fold_furthest(
    creator uuid,
    folded_generation integer,
    folded_course integer,
    folded_run integer,
    students_named uuid[],
    videos_named uuid[]
)
returns void
language plpgsql
-- One plan that goes by the keys, whatever the statistics say.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
begin
    if cardinality(students_named) = 0 then
        return;
    end if;
    -- Laterals with an offset, so that each key is looked up on its own.
    with known as materialized (
        select
            named.student_id,
            totals.furthest_video,
            named.is_whole or (totals.furthest_video is not null and furthest.is_there is null) as is_whole
        from (
            select
                student_id,
                bool_or(video_id is null) as is_whole
            from unnest(students_named, videos_named) as keys (student_id, video_id)
            group by student_id
        ) as named
        cross join lateral (
            select furthest_video
            from student_totals
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = named.student_id
            offset 0
        ) as totals
        left join lateral (
            select true as is_there
            from watched_videos
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = named.student_id
                and video_id = totals.furthest_video
                and is_required
            limit 1
        ) as furthest on true
    ),

    pairs as (
        select
            student_id,
            video_id
        from unnest(students_named, videos_named) as named (student_id, video_id)
        where video_id is not null
        union
        select
            student_id,
            furthest_video
        from known
        where
            furthest_video is not null
            and not is_whole
    ),

    started as (
        select
            pairs.student_id,
            pairs.video_id,
            found.is_completed
        from pairs
        cross join lateral (
            select is_completed
            from watched_videos
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = pairs.student_id
                and video_id = pairs.video_id
                and is_required
            offset 0
        ) as found
        union all
        select
            known.student_id,
            found.video_id,
            found.is_completed
        from known
        cross join lateral (
            select
                video_id,
                is_completed
            from watched_videos
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = known.student_id
                and is_required
            offset 0
        ) as found
        where known.is_whole
    ),

    placed as (
        select
            videos_started.student_id,
            videos_started.video_id,
            videos_started.is_completed,
            places.position,
            places.created_at
        from (
            select
                student_id,
                video_id,
                bool_or(is_completed) as is_completed
            from started
            group by
                student_id,
                video_id
        ) as videos_started
        cross join lateral (
            select
                position,
                created_at
            from videos
            where
                creator_id = creator
                and id = videos_started.video_id
            offset 0
        ) as places
        union all
        -- Students who started none.
        select
            student_id,
            null,
            false,
            null,
            null
        from known
    ),

    furthest as materialized (
        select distinct on (student_id)
            student_id,
            video_id,
            is_completed
        from placed
        order by
            student_id asc,
            position desc nulls last,
            created_at desc nulls last,
            video_id desc nulls last
    )

    update student_totals
    set
        furthest_video = furthest.video_id,
        furthest_completed = furthest.is_completed
    from furthest
    where
        student_totals.creator_id = creator
        and student_totals.generation = folded_generation
        and student_totals.course = folded_course
        and student_totals.run = folded_run
        and student_totals.student_id = furthest.student_id
        and (student_totals.furthest_video, student_totals.furthest_completed)
        is distinct from (furthest.video_id, furthest.is_completed);
end;
$$;

-- Every student, because the order of the course has changed.
create or replace function note_everybody(creator uuid, most_keys integer)
returns void
language plpgsql
as $$
declare
    everybody uuid[];
begin
    everybody := array(select id from students where creator_id = creator);
    perform note_in_slices(creator, 'placed', everybody, '{}', '{}', most_keys);
end;
$$;

revoke execute on function note_everybody(uuid, integer) from public;
revoke execute on function fold_furthest(uuid, integer, integer, integer, uuid[], uuid[]) from public;
