-- Who was active, when and for how long. An activity is a distinct instant at which a student did anything: playback that
-- began, progress on a video, an event, a quiz attempt, a question. Playback lasts as long as it ran; everything else takes no
-- time.

-- Refold days and visits. A key is a student, a video or NULL, and a quarter of an hour in which something changed; a key
-- without an instant means everything of the student.
create or replace function fold_activity(
    creator uuid,
    folded_generation integer,
    folded_course integer,
    folded_run integer,
    students_named uuid[],
    videos_named uuid[],
    instants_named timestamptz[],
    slice_after uuid default null,
    slice_to uuid default null
)
returns void
language plpgsql
-- Every key is looked up on its own, and tables are joined only by key, so one plan fits any number of keys. The rows found are
-- joined by hash.
set plan_cache_mode = 'force_generic_plan'
set enable_nestloop = off
set enable_mergejoin = off
as $$
declare
    zone constant text := (select timezone from creator_generations where creator_id = creator and generation = folded_generation);
    added_to constant uuid := (select students_added_to from creator_generations where creator_id = creator and generation = folded_generation);
    moment constant timestamptz := dashboard_now();
    whole_students constant uuid[] := array(
        select distinct named.student_id
        from unnest(students_named, instants_named) as named (student_id, instant)
        where named.instant is null
    );
    -- The course's videos and quizzes.
    course_videos constant uuid[] := case when folded_course <> 0 then videos_at_level(creator, folded_course) end;
    course_quizzes constant uuid[] := case when folded_course <> 0 then quizzes_at_level(creator, folded_course) end;
    members record;
    whole_here uuid[]; -- those of the whole students who belong to the level; a student who left has no row
    spans record;
    days_named record;
    students_folded uuid[];
    days_won integer[];
    -- Places of rows whose last count has gone.
    videos_emptied tid[];
    hours_emptied tid[];
    gaps_emptied tid[];
    -- What visits are made of.
    quarter_students uuid[];
    quarters_began timestamptz[];
    quarter_firsts timestamptz[];
    quarter_ends timestamptz[];
begin
    if students_named = '{}' and slice_to is null then
        return;
    end if;
    members := stays_at_level(creator, folded_course, folded_run, array(select distinct student_id from unnest(students_named) as named (student_id)));
    whole_here := array(
        select distinct here.student_id
        from unnest(members.students) as here (student_id)
        where here.student_id = any(whole_students)
    );
    spans := spans_of_changes(creator, folded_generation, folded_course, folded_run, moment, students_named, videos_named, instants_named);
    days_named := days_of_changes(creator, folded_generation, folded_course, folded_run, zone, students_named, videos_named, instants_named, spans.students, spans.starts, spans.ends, members.students);

    -- One statement, one snapshot, as in fold_students. `offset 0` makes each key be looked up on its own: the planner has no
    -- row counts for a generation that is being built, and would rather read it from end to end.
    with times_read as materialized (
        select
            student_id,
            began_at,
            ended_at
        from unnest(days_named.students, days_named.starts, days_named.ends, days_named.are_here) as found (student_id, began_at, ended_at, is_here)
        where is_here
        union all
        select
            student_id,
            timestamptz '-infinity',
            timestamptz 'infinity'
        from unnest(whole_here) as named (student_id)
    ),

    activities_found as (
        select
            named.student_id,
            named.video_id,
            named.video_id as about_video,
            null::uuid as quiz_id,
            watched.watched_at as happened_at,
            watched.end_second - watched.start_second as seconds
        from unnest(days_named.viewers, days_named.videos, days_named.video_starts, days_named.video_ends) as named (student_id, video_id, began_at, ended_at)
        cross join lateral (
            select
                start_second,
                end_second,
                watched_at
            from watch_segments
            where
                creator_id = creator
                and student_id = named.student_id
                and video_id = named.video_id
                and watched_at >= named.began_at
                and watched_at < named.ended_at
                and watched_at <= moment
            offset 0
        ) as watched
        union all
        select
            named.student_id,
            watched.video_id,
            watched.video_id,
            null,
            watched.watched_at,
            watched.end_second - watched.start_second
        from unnest(days_named.full_students, days_named.full_starts, days_named.full_ends) as named (student_id, began_at, ended_at)
        cross join lateral (
            select
                video_id,
                start_second,
                end_second,
                watched_at
            from watch_segments
            where
                creator_id = creator
                and student_id = named.student_id
                and watched_at >= named.began_at
                and watched_at < named.ended_at
                and watched_at <= moment
            offset 0
        ) as watched
        union all
        select
            named.student_id,
            watched.video_id,
            watched.video_id,
            null,
            watched.watched_at,
            watched.end_second - watched.start_second
        from unnest(whole_here) as named (student_id)
        cross join lateral (
            select
                video_id,
                start_second,
                end_second,
                watched_at
            from watch_segments
            where
                creator_id = creator
                and student_id = named.student_id
                and watched_at <= moment
            offset 0
        ) as watched
        union all
        select
            named.student_id,
            named.video_id,
            named.video_id,
            null,
            moments.happened_at,
            0
        from unnest(days_named.viewers, days_named.videos, days_named.video_starts, days_named.video_ends) as named (student_id, video_id, began_at, ended_at)
        cross join lateral (
            select
                first_watched,
                last_watched
            from video_progress
            where
                creator_id = creator
                and student_id = named.student_id
                and video_id = named.video_id
            offset 0
        ) as progress
        cross join lateral (values (progress.first_watched), (nullif(progress.last_watched, progress.first_watched))) as moments (happened_at)
        where
            moments.happened_at >= named.began_at
            and moments.happened_at < named.ended_at
            and moments.happened_at <= moment
        union all
        select
            named.student_id,
            progress.video_id,
            progress.video_id,
            null,
            moments.happened_at,
            0
        from unnest(days_named.full_students, days_named.full_starts, days_named.full_ends) as named (student_id, began_at, ended_at)
        cross join lateral (
            select
                video_id,
                first_watched,
                last_watched
            from video_progress
            where
                creator_id = creator
                and student_id = named.student_id
                and last_watched >= named.began_at
            offset 0
        ) as progress
        cross join lateral (values (progress.first_watched), (nullif(progress.last_watched, progress.first_watched))) as moments (happened_at)
        where
            moments.happened_at >= named.began_at
            and moments.happened_at < named.ended_at
            and moments.happened_at <= moment
        union all
        select
            named.student_id,
            progress.video_id,
            progress.video_id,
            null,
            moments.happened_at,
            0
        from unnest(whole_here) as named (student_id)
        cross join lateral (
            select
                video_id,
                first_watched,
                last_watched
            from video_progress
            where
                creator_id = creator
                and student_id = named.student_id
            offset 0
        ) as progress
        cross join lateral (values (progress.first_watched), (nullif(progress.last_watched, progress.first_watched))) as moments (happened_at)
        where moments.happened_at <= moment
        union all
        select
            times_read.student_id,
            events.video_id,
            events.video_id,
            null,
            events.occurred_at,
            0
        from times_read
        cross join lateral (
            select
                video_id,
                occurred_at
            from activity_events
            where
                creator_id = creator
                and student_id = times_read.student_id
                and occurred_at >= times_read.began_at
                and occurred_at < times_read.ended_at
                and occurred_at <= moment
            offset 0
        ) as events
        union all
        select
            times_read.student_id,
            closed.video_id,
            closed.video_id,
            null,
            moments.happened_at,
            0
        from times_read
        cross join lateral (
            select
                video_id,
                instants
            from closed_events
            where
                creator_id = creator
                and student_id = times_read.student_id
                and last_at >= times_read.began_at
                and first_at < times_read.ended_at
            offset 0
        ) as closed
        cross join lateral unnest(closed.instants) as moments (happened_at)
        where
            moments.happened_at >= times_read.began_at
            and moments.happened_at < times_read.ended_at
            and moments.happened_at <= moment
        union all
        select
            times_read.student_id,
            null,
            null,
            attempts.quiz_id,
            attempts.completed_at,
            0
        from times_read
        cross join lateral (
            select
                quiz_id,
                completed_at
            from quiz_attempts
            where
                creator_id = creator
                and student_id = times_read.student_id
                and completed_at >= times_read.began_at
                and completed_at < times_read.ended_at
                and completed_at <= moment
            offset 0
        ) as attempts
        union all
        select
            times_read.student_id,
            null,
            messages.video_id,
            null,
            messages.created_at,
            0
        from times_read
        cross join lateral (
            select
                video_id,
                created_at
            from every_chat_message
            where
                creator_id = creator
                and student_id = times_read.student_id
                and created_at >= times_read.began_at
                and created_at < times_read.ended_at
                and created_at <= moment
                and role = 'user'
            offset 0
        ) as messages
    ),

    activities_here as materialized (
        select
            activities_found.student_id,
            activities_found.video_id,
            activities_found.happened_at,
            activities_found.seconds
        from activities_found
        join unnest(members.students, members.starts, members.ends) as staying (student_id, began_at, ended_at)
            on
                staying.student_id = activities_found.student_id
                and staying.began_at <= activities_found.happened_at
                and activities_found.happened_at < staying.ended_at
        where
            folded_course = 0
            or activities_found.about_video in (select named.video_id from unnest(course_videos) as named (video_id))
            or activities_found.quiz_id in (select named.quiz_id from unnest(course_quizzes) as named (quiz_id))
    ),

    instants_found as (
        select
            student_id,
            happened_at,
            max(seconds) as longest_seconds,
            sum(seconds) as watched_seconds
        from activities_here
        group by
            student_id,
            happened_at
    ),

    -- A quarter of an hour lies within one day, one hour and one visit: zones, hours and gaps of 30 minutes are multiples.
    quarters_found as (
        select
            student_id,
            date_bin(interval '15 minutes', happened_at, timestamptz '2000-01-01 00:00:00+00') as began_at,
            min(happened_at) as first_at,
            max(happened_at) as last_at,
            max(happened_at + longest_seconds * interval '1 second') as ended_at,
            least(count(*), 32767)::smallint as activities,
            sum(watched_seconds) as watched_seconds
        from instants_found
        group by
            student_id,
            date_bin(interval '15 minutes', happened_at, timestamptz '2000-01-01 00:00:00+00')
    ),

    quarters_dated as materialized (
        select
            *,
            (began_at at time zone zone)::date as day
        from quarters_found
    ),

    videos_told as (
        select distinct
            student_id,
            video_id,
            date_bin(interval '15 minutes', happened_at, timestamptz '2000-01-01 00:00:00+00') as began_at
        from activities_here
        where video_id is not null
    ),

    videos_listed as (
        select
            student_id,
            (began_at at time zone zone)::date as day,
            array_agg(distinct video_id) as video_ids
        from videos_told
        group by
            student_id,
            (began_at at time zone zone)::date
    ),

    days_told as (
        select
            student_id,
            day,
            min(first_at) as first_at,
            max(last_at) as last_at,
            array_agg((extract(epoch from began_at - (day::timestamp at time zone zone)) / 900)::smallint order by began_at) as quarters,
            array_agg(activities order by began_at) as counts,
            sum(activities)::integer as activities,
            sum(watched_seconds)::bigint as watched_seconds,
            '{}'::uuid[] as video_ids
        from quarters_dated
        group by
            student_id,
            day
        union all
        select
            student_id,
            day,
            null,
            null,
            null,
            null,
            null,
            null,
            video_ids
        from videos_listed
    ),

    new_days as (
        select
            student_id,
            day,
            max(first_at) as first_at,
            max(last_at) as last_at,
            max(quarters) as quarters,
            max(counts) as counts,
            max(activities) as activities,
            max(watched_seconds) as watched_seconds,
            max(video_ids) as video_ids
        from days_told
        group by
            student_id,
            day
    ),

    -- How long a student had been away on a day depends on the day before it, so when a day comes or goes, the next day changes
    -- too. Both neighbours of a named day are looked up unless they are named themselves. The student's days are read first and
    -- sorted afterwards: if it were asked for just the next one, the planner might walk through everybody's days instead.
    days_before as (
        select
            named.student_id,
            known.day
        from unnest(days_named.students, days_named.days) as named (student_id, day)
        cross join lateral (
            select max(day) as day
            from (
                select day
                from student_days
                where
                    creator_id = creator
                    and generation = folded_generation
                    and course = folded_course
                    and run = folded_run
                    and student_id = named.student_id
                    and day < named.day
                offset 0
            ) as earlier
        ) as known
        where
            known.day is not null
            and (named.student_id, known.day) not in (select student_id, day from unnest(days_named.students, days_named.days) as named (student_id, day))
    ),

    days_behind as materialized (
        select distinct on (known.student_id, known.day) known.*
        from unnest(days_named.students, days_named.days) as named (student_id, day)
        cross join lateral (
            select later.*
            from (
                select
                    ctid as place,
                    *
                from student_days
                where
                    creator_id = creator
                    and generation = folded_generation
                    and course = folded_course
                    and run = folded_run
                    and student_id = named.student_id
                    and day > named.day
                offset 0
            ) as later
            order by later.day
            limit 1
        ) as known
        where (named.student_id, known.day) not in (select student_id, day from unnest(days_named.students, days_named.days) as named (student_id, day))
        order by
            known.student_id,
            known.day
    ),

    days_in_order as (
        select
            *,
            -- A day may come before one named day and after another; it must not count as the day before itself.
            coalesce(
                day - max(day) over (
                    partition by student_id
                    order by day
                    groups between unbounded preceding and 1 preceding
                ),
                0
            ) as gap_days
        from (
            select
                student_id,
                day,
                first_at,
                last_at,
                quarters,
                counts,
                activities,
                watched_seconds,
                video_ids,
                true as is_told
            from new_days
            union all
            select
                student_id,
                day,
                first_at,
                last_at,
                quarters,
                counts,
                activities,
                watched_seconds,
                video_ids,
                true
            from days_behind
            union all
            select
                student_id,
                day,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                false
            from days_before
        ) as days_known
    ),

    old_days as (
        select known.*
        from unnest(days_named.students, days_named.days) as named (student_id, day)
        cross join lateral (
            select
                ctid as place,
                *
            from student_days
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = named.student_id
                and day = named.day
            offset 0
        ) as known
        union all
        select known.*
        from unnest(whole_students) as named (student_id)
        cross join lateral (
            select
                ctid as place,
                *
            from student_days
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = named.student_id
            offset 0
        ) as known
        union all
        select *
        from days_behind
    ),

    -- What changed: a row that is the same before and after sums to nothing.
    days_changed as materialized (
        select
            student_id,
            day,
            first_at,
            last_at,
            quarters,
            counts,
            activities,
            watched_seconds,
            video_ids,
            gap_days,
            sum(sign)::integer as sign,
            max(place) as place
        from (
            select
                student_id,
                day,
                first_at,
                last_at,
                quarters,
                counts,
                activities,
                watched_seconds,
                video_ids,
                gap_days,
                1 as sign,
                null::tid as place
            from days_in_order
            where is_told
            union all
            select
                student_id,
                day,
                first_at,
                last_at,
                quarters,
                counts,
                activities,
                watched_seconds,
                video_ids,
                gap_days,
                -1,
                place
            from old_days
        ) as signed_days
        group by
            student_id,
            day,
            first_at,
            last_at,
            quarters,
            counts,
            activities,
            watched_seconds,
            video_ids,
            gap_days
        having sum(sign) <> 0
    ),

    days_dropped as (
        delete from student_days
        where
            creator_id = creator
            and ctid = any(
                array(
                    select max(place)
                    from days_changed
                    group by
                        student_id,
                        day
                    having max(sign) < 0
                )
            )
    ),

    days_kept as (
        insert into student_days as known (
            creator_id, generation, course, run, student_id, day, first_at, last_at, quarters, counts, activities, watched_seconds, video_ids, gap_days
        )
        select
            creator,
            folded_generation,
            folded_course,
            folded_run,
            student_id,
            day,
            first_at,
            last_at,
            quarters,
            counts,
            activities,
            watched_seconds,
            video_ids,
            gap_days
        from days_changed
        where sign > 0
        on conflict (creator_id, generation, course, run, student_id, day) do update set
            first_at = excluded.first_at,
            last_at = excluded.last_at,
            quarters = excluded.quarters,
            counts = excluded.counts,
            activities = excluded.activities,
            watched_seconds = excluded.watched_seconds,
            video_ids = excluded.video_ids,
            gap_days = excluded.gap_days
    ),

    days_added as materialized (
        select
            day,
            quarters,
            counts,
            activities,
            watched_seconds,
            video_ids,
            gap_days,
            sign
        from days_changed
        where student_id <= added_to
        union all
        select
            day,
            quarters,
            counts,
            activities,
            watched_seconds,
            video_ids,
            gap_days,
            1
        from student_days
        where
            creator_id = creator
            and generation = folded_generation
            and course = folded_course
            and run = folded_run
            and student_id > slice_after
            and student_id <= slice_to
    ),

    signed_videos as materialized (
        select
            days_added.day,
            watched.video_id,
            sum(days_added.sign) as students
        from days_added
        cross join lateral unnest(days_added.video_ids) as watched (video_id)
        group by
            days_added.day,
            watched.video_id
        having sum(days_added.sign) <> 0
    ),

    videos_changed as (
        insert into video_days as known (creator_id, generation, course, run, day, video_id, students)
        select
            creator,
            folded_generation,
            folded_course,
            folded_run,
            day,
            video_id,
            students
        from signed_videos
        on conflict (creator_id, generation, course, run, day, video_id) do update set students = known.students + excluded.students
        returning
            known.ctid as place,
            known.day,
            known.video_id,
            known.students,
            known.views,
            known.questions
    ),

    -- A video counts for the day as long as it has any students on it.
    videos_counted as (
        select
            day,
            video_id,
            sum(students_now) as students_now,
            sum(students_won) as students_won
        from (
            select
                day,
                video_id,
                students as students_now,
                0 as students_won
            from videos_changed
            union all
            select
                day,
                video_id,
                0,
                students
            from signed_videos
        ) as told
        group by
            day,
            video_id
    ),

    signed_figures as (
        select
            day,
            sign as students,
            sign * activities as activities,
            sign * watched_seconds as watched_seconds,
            0 as videos
        from days_added
        union all
        select
            day,
            0,
            0,
            0,
            (students_now > 0)::integer - (students_now > students_won)::integer
        from videos_counted
    ),

    figures_added as (
        insert into days as known (creator_id, generation, course, run, day, students, activities, watched_seconds, videos)
        select
            creator,
            folded_generation,
            folded_course,
            folded_run,
            day,
            sum(students),
            sum(activities),
            sum(watched_seconds),
            sum(videos)
        from signed_figures
        group by day
        having (sum(students), sum(activities), sum(watched_seconds), sum(videos)) <> (0, 0, 0, 0)
        on conflict (creator_id, generation, course, run, day) do update set
            students = known.students + excluded.students,
            activities = known.activities + excluded.activities,
            watched_seconds = known.watched_seconds + excluded.watched_seconds,
            videos = known.videos + excluded.videos
    ),

    gaps_changed as (
        insert into day_gaps as known (creator_id, generation, course, run, day, gap_days, students)
        select
            creator,
            folded_generation,
            folded_course,
            folded_run,
            day,
            gap_days,
            sum(sign)
        from days_added
        group by
            day,
            gap_days
        having sum(sign) <> 0
        on conflict (creator_id, generation, course, run, day, gap_days) do update set students = known.students + excluded.students
        returning known.ctid as place, known.students
    ),

    signed_quarters as (
        select
            days_added.day,
            told.quarter,
            sum(days_added.sign * told.activities) as activities
        from days_added
        cross join lateral unnest(days_added.quarters, days_added.counts) as told (quarter, activities)
        group by
            days_added.day,
            told.quarter
    ),

    signed_hours as (
        select
            day,
            extract(hour from ((day::timestamp at time zone zone) + quarter * interval '15 minutes') at time zone zone)::smallint as hour,
            activities
        from signed_quarters
        where activities <> 0
    ),

    hours_changed as (
        insert into day_hours as known (creator_id, generation, course, run, day, hour, activities)
        select
            creator,
            folded_generation,
            folded_course,
            folded_run,
            day,
            hour,
            sum(activities)
        from signed_hours
        group by
            day,
            hour
        having sum(activities) <> 0
        on conflict (creator_id, generation, course, run, day, hour) do update set activities = known.activities + excluded.activities
        returning known.ctid as place, known.activities
    ),

    students_counted as (
        select
            student_id,
            sum(sign) as change_of_days
        from days_changed
        group by student_id
    ),

    quarters_listed as (
        select
            array_agg(student_id) as students,
            array_agg(began_at) as began,
            array_agg(first_at) as firsts,
            array_agg(ended_at) as ends
        from quarters_dated
    )

    select
        (select array_agg(student_id) from students_counted),
        (select array_agg(change_of_days) from students_counted),
        array(
            select place
            from videos_changed
            where (students, views, questions) = (0, 0, 0)
        ),
        array(select place from hours_changed where activities = 0),
        array(select place from gaps_changed where students = 0),
        quarters_listed.students,
        quarters_listed.began,
        quarters_listed.firsts,
        quarters_listed.ends
    into students_folded, days_won, videos_emptied, hours_emptied, gaps_emptied, quarter_students, quarters_began, quarter_firsts, quarter_ends
    from quarters_listed;

    perform fold_visits(
        creator,
        folded_generation,
        folded_course,
        folded_run,
        zone,
        spans.students || whole_students,
        spans.starts || array_fill(timestamptz '-infinity', array[cardinality(whole_students)]),
        spans.ends || array_fill(timestamptz 'infinity', array[cardinality(whole_students)]),
        quarter_students,
        quarters_began,
        quarter_firsts,
        quarter_ends,
        added_to,
        slice_after,
        slice_to
    );
    perform count_seen_days(creator, folded_generation, folded_course, folded_run, students_folded, days_won);
    delete from video_days
    where
        creator_id = creator
        and ctid = any(videos_emptied);
    delete from day_hours
    where
        creator_id = creator
        and ctid = any(hours_emptied);
    delete from day_gaps
    where
        creator_id = creator
        and ctid = any(gaps_emptied);
end;
$$;

revoke execute on function fold_activity(uuid, integer, integer, integer, uuid[], uuid[], timestamptz[], uuid, uuid) from public;
