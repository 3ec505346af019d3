-- A student who does something in a course without ever having been enrolled in it is enrolled from then on; otherwise the
-- course would have activity that belongs to nobody. Checked only for students whose activity is being folded, and only where
-- there are several runs to choose from; where there is just one, new students are enrolled in it at once.

-- Of these pairs of a student and a course, which may repeat, enrol those with activity up to the clock and no enrolment. A
-- NULL course means every course.
create or replace function enrol_active(creator uuid, students_named uuid[], courses_named uuid[])
returns void
language plpgsql
as $$
declare
    moment constant timestamptz := dashboard_now();
    missing_students uuid[];
    missing_courses uuid[];
    begun_students uuid[];
    begun_courses uuid[];
    begun_instants timestamptz[];
begin
    select
        coalesce(array_agg(pairs.student_id), '{}'),
        coalesce(array_agg(pairs.course_id), '{}')
    into missing_students, missing_courses
    from (
        select distinct
            named.student_id,
            named.course_id
        from unnest(students_named, courses_named) as named (student_id, course_id)
    ) as pairs
    left join lateral (
        select true as is_enrolled
        from (
            select run_id
            from enrolments
            where
                creator_id = creator
                and student_id = pairs.student_id
            offset 0
        ) as told
        cross join lateral (
            select course_id
            from course_runs
            where
                creator_id = creator
                and id between told.run_id and told.run_id
            order by id
            limit 1
        ) as of_run
        where of_run.course_id = pairs.course_id
        limit 1
    ) as known on true
    where known.is_enrolled is null;
    if cardinality(missing_students) = 0 then
        return;
    end if;
    with activities as (
        select
            student_id,
            video_id,
            null::uuid as quiz_id,
            min(first_watched) as began_at
        from video_progress
        where
            creator_id = creator
            and student_id = any(missing_students)
        group by
            student_id,
            video_id
        union all
        select
            student_id,
            video_id,
            null,
            min(watched_at)
        from watch_segments
        where
            creator_id = creator
            and student_id = any(missing_students)
        group by
            student_id,
            video_id
        union all
        select
            student_id,
            video_id,
            null,
            min(occurred_at)
        from activity_events
        where
            creator_id = creator
            and student_id = any(missing_students)
            and video_id is not null
        group by
            student_id,
            video_id
        union all
        select
            closed.student_id,
            closed.video_id,
            null,
            min(events.occurred_at)
        from closed_events as closed
        cross join lateral unnest(closed.instants) as events (occurred_at)
        where
            closed.creator_id = creator
            and closed.student_id = any(missing_students)
            and closed.video_id is not null
        group by
            closed.student_id,
            closed.video_id
        union all
        select
            student_id,
            video_id,
            null,
            min(created_at)
        from every_chat_message
        where
            creator_id = creator
            and student_id = any(missing_students)
            and role = 'user'
            and video_id is not null
        group by
            student_id,
            video_id
        union all
        select
            student_id,
            null,
            quiz_id,
            min(completed_at)
        from quiz_attempts
        where
            creator_id = creator
            and student_id = any(missing_students)
        group by
            student_id,
            quiz_id
    ),

    begun as (
        select
            activities.student_id,
            coalesce(videos.course_id, quizzes.course_id) as course_id,
            min(activities.began_at) as began_at
        from activities
        left join videos
            on
                videos.creator_id = creator
                and videos.id = activities.video_id
        left join quizzes
            on
                quizzes.creator_id = creator
                and quizzes.id = activities.quiz_id
        where activities.began_at <= moment
        group by
            activities.student_id,
            coalesce(videos.course_id, quizzes.course_id)
    )

    select
        coalesce(array_agg(begun.student_id), '{}'),
        coalesce(array_agg(begun.course_id), '{}'),
        coalesce(array_agg(begun.began_at), '{}')
    into begun_students, begun_courses, begun_instants
    from begun
    join students
        on
            students.creator_id = creator
            and students.id = begun.student_id
    left join lateral (
        select true as is_enrolled
        from (
            select run_id
            from enrolments
            where
                creator_id = creator
                and student_id = begun.student_id
            offset 0
        ) as told
        cross join lateral (
            select course_id
            from course_runs
            where
                creator_id = creator
                and id between told.run_id and told.run_id
            order by id
            limit 1
        ) as of_run
        where of_run.course_id = begun.course_id
        limit 1
    ) as known on true
    where
        students.deleted_at is null
        and known.is_enrolled is null
        and (
            begun.student_id in (select whole.student_id from unnest(missing_students, missing_courses) as whole (student_id, course_id) where whole.course_id is null)
            or (begun.student_id, begun.course_id)
            in (select missing.student_id, missing.course_id from unnest(missing_students, missing_courses) as missing (student_id, course_id))
        );
    -- Into the run that is under way at that instant: if there are several, the one that began last; if none, the latest one
    -- before it, otherwise the first one after it.
    insert into enrolments (creator_id, run_id, student_id, enrolled_at)
    select
        creator,
        chosen.run_id,
        begun.student_id,
        begun.began_at
    from unnest(begun_students, begun_courses, begun_instants) as begun (student_id, course_id, began_at)
    cross join lateral (
        select id as run_id
        from course_runs
        where
            creator_id = creator
            and course_id = begun.course_id
        order by
            (coalesce(starts_at, '-infinity') <= begun.began_at and coalesce(ends_at, 'infinity') > begun.began_at) desc,
            (coalesce(starts_at, '-infinity') <= begun.began_at) desc,
            case when starts_at <= begun.began_at then starts_at end desc nulls last,
            starts_at asc,
            number desc
        limit 1
    ) as chosen
    where chosen.run_id is not null
    on conflict (creator_id, student_id, run_id) do nothing;
end;
$$;

revoke execute on function enrol_active(uuid, uuid[], uuid[]) from public;
