-- What students watched. Both folds of a pair of student and video are made from all rows of that pair: what was watched of
-- each edition of the file, and the views.
--
-- Watching makes a viewer, whichever table says so. A segment is an interval from `watched_at`, as long as what it played. A
-- progress row refers to the edition in force when the video was last watched. If progress began more than half an hour before
-- the first segment, playback covers only a part: then the progress row alone says what was watched, and it is unknown where
-- the viewer stopped.

-- Refold pairs. A pair without a video means everything that the student watched. A slice of videos is added to the sums as it
-- is, just as fold_students does with a slice of students.
create or replace function fold_watching(
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
-- One plan for any number of keys. Look-ups by key are laterals with an offset, which can only become a loop; all other joins
-- are between rows already found, and must be by hash: the planner expects one row or ten on each side.
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
set enable_mergejoin = off
set enable_seqscan = off
set jit = off
set work_mem = '32MB'
as $$
declare
    zone constant text := (select timezone from creator_generations where creator_id = creator and generation = folded_generation);
    added_to constant uuid := (select videos_added_to from creator_generations where creator_id = creator and generation = folded_generation);
    moment constant timestamptz := dashboard_now();
    is_by_course constant boolean := folded_course = 0 and is_kept_by_course(creator, folded_generation);
    joined_students uuid[] := '{}';
    joined_courses uuid[] := '{}';
    members record;
    everything_of uuid[];
    paired_students uuid[];
    paired_videos uuid[];
    video_ids uuid[];
    -- Deleted students have no row.
    whole_here uuid[];
    students_here uuid[];
    videos_here uuid[];
    emptied record;
begin
    if cardinality(students_named) = 0 and slice_to is null then
        return;
    end if;
    -- Instants are not needed: everything of a pair is read again.
    everything_of := array(
        select distinct named.student_id
        from unnest(students_named, videos_named) as named (student_id, video_id)
        where named.video_id is null
        order by named.student_id
    );
    select
        coalesce(array_agg(pairs.student_id order by pairs.student_id, pairs.video_id), '{}'),
        coalesce(array_agg(pairs.video_id order by pairs.student_id, pairs.video_id), '{}')
    into paired_students, paired_videos
    from (
        select distinct
            named.student_id,
            named.video_id
        from unnest(students_named, videos_named) as named (student_id, video_id)
        where
            named.video_id is not null
            and named.student_id <> all(everything_of)
    ) as pairs;
    if everything_of = '{}' then
        video_ids := videos_at_level(creator, folded_course, array(select distinct named.video_id from unnest(paired_videos) as named (video_id)));
    else
        video_ids := videos_at_level(creator, folded_course);
    end if;
    members := stays_at_level(creator, folded_course, folded_run, everything_of || paired_students);
    -- A student who has left a course no longer has to watch its videos.
    if is_by_course then
        select
            joined.students,
            joined.courses
        into joined_students, joined_courses
        from courses_joined_by(creator, members.students) as joined;
    end if;
    whole_here := array(
        select distinct here.student_id
        from unnest(members.students) as here (student_id)
        where here.student_id = any(everything_of)
        order by here.student_id
    );
    select
        coalesce(array_agg(pairs.student_id order by pairs.student_id, pairs.video_id), '{}'),
        coalesce(array_agg(pairs.video_id order by pairs.student_id, pairs.video_id), '{}')
    into students_here, videos_here
    from unnest(paired_students, paired_videos) as pairs (student_id, video_id)
    where
        pairs.student_id in (select here.student_id from unnest(members.students) as here (student_id))
        and pairs.video_id in (select known.video_id from unnest(video_ids) as known (video_id));

    -- One statement, one snapshot: the old rows, the new ones in their place, and the difference of the two for the sums. For
    -- students of whom everything is folded, everything is read in one range of the index; for others, pair by pair: reading
    -- all rows of a student, or of a table, to find a few pairs would cost as much as there is.
    with old_rows as materialized (
        select known.*
        from unnest(everything_of) as named (student_id)
        cross join lateral (
            select
                ctid as place,
                course,
                run,
                student_id,
                video_id,
                edition,
                first_at,
                last_at,
                is_completed,
                is_required,
                share_hundredths,
                watched_seconds,
                ranges,
                play_seconds,
                play_changes,
                exit_second
            from watched_videos
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = named.student_id
            offset 0
        ) as known
        union all
        select known.*
        from unnest(paired_students, paired_videos) as named (student_id, video_id)
        cross join lateral (
            select
                ctid as place,
                course,
                run,
                student_id,
                video_id,
                edition,
                first_at,
                last_at,
                is_completed,
                is_required,
                share_hundredths,
                watched_seconds,
                ranges,
                play_seconds,
                play_changes,
                exit_second
            from watched_videos
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = named.student_id
                and video_id = named.video_id
            offset 0
        ) as known
    ),

    old_views as materialized (
        select known.*
        from unnest(everything_of) as named (student_id)
        cross join lateral (
            select
                ctid as place,
                course,
                run,
                student_id,
                video_id,
                began_at,
                ended_at,
                edition
            from views
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = named.student_id
            offset 0
        ) as known
        union all
        select known.*
        from unnest(paired_students, paired_videos) as named (student_id, video_id)
        cross join lateral (
            select
                ctid as place,
                course,
                run,
                student_id,
                video_id,
                began_at,
                ended_at,
                edition
            from views
            where
                creator_id = creator
                and generation = folded_generation
                and course = folded_course
                and run = folded_run
                and student_id = named.student_id
                and video_id = named.video_id
            offset 0
        ) as known
    ),

    videos_read as materialized (
        select
            creator_id,
            id as video_id,
            course_id,
            (status = 'completed' and is_published) as is_published,
            duration_seconds
        from videos
        where
            creator_id = creator
            and id = any(video_ids)
            and deleted_at is null
    ),

    files as (
        -- Edition 1 exists without a row.
        select
            known.video_id,
            known.edition,
            case when known.edition > 1 then max(known.began_at) else timestamptz '-infinity' end as began_at,
            max(known.duration_seconds) as duration_seconds
        from (
            select
                video_id,
                edition,
                began_at,
                duration_seconds
            from video_editions
            where
                creator_id = creator
                and video_id = any(video_ids)
            union all
            select
                video_id,
                1,
                null,
                null
            from videos_read
        ) as known
        group by
            known.video_id,
            known.edition
    ),

    files_in_force as (
        select
            video_id,
            edition,
            duration_seconds,
            began_at,
            coalesce(min(began_at) over later, timestamptz 'infinity') as ended_at
        from files
        window later as (partition by video_id order by edition rows between 1 following and unbounded following)
    ),

    editions as materialized (
        select
            videos_read.video_id,
            videos_read.course_id,
            videos_read.is_published,
            files_in_force.edition,
            files_in_force.began_at,
            files_in_force.ended_at,
            files_in_force.began_at <= moment and moment < files_in_force.ended_at as is_current,
            nullif(
                coalesce(
                    files_in_force.duration_seconds,
                    case when files_in_force.began_at <= moment and moment < files_in_force.ended_at then videos_read.duration_seconds end
                ),
                0
            ) as length_seconds
        from files_in_force
        join videos_read on videos_read.video_id = files_in_force.video_id
    ),

    segments as materialized (
        -- Seconds beyond the length do not exist.
        select
            sent.student_id,
            sent.video_id,
            editions.edition,
            sent.watched_at,
            sent.end_second - sent.start_second as seconds,
            least(sent.start_second, editions.length_seconds) as from_second,
            least(sent.end_second, editions.length_seconds) as to_second
        from (
            select known.*
            from unnest(whole_here) as named (student_id)
            cross join lateral (
                select
                    student_id,
                    video_id,
                    watched_at,
                    start_second,
                    end_second
                from watch_segments
                where
                    creator_id = creator
                    and student_id = named.student_id
                    and watched_at <= moment
                offset 0
            ) as known
            union all
            select known.*
            from unnest(students_here, videos_here) as named (student_id, video_id)
            cross join lateral (
                select
                    student_id,
                    video_id,
                    watched_at,
                    start_second,
                    end_second
                from watch_segments
                where
                    creator_id = creator
                    and student_id = named.student_id
                    and video_id = named.video_id
                    and watched_at <= moment
                offset 0
            ) as known
        ) as sent
        join editions
            on
                editions.video_id = sent.video_id
                and editions.began_at <= sent.watched_at
                and sent.watched_at < editions.ended_at
        join unnest(members.students, members.starts, members.ends) as staying (student_id, began_at, ended_at)
            on
                staying.student_id = sent.student_id
                and staying.began_at <= sent.watched_at
                and sent.watched_at < staying.ended_at
    ),

    played as materialized (
        select
            student_id,
            video_id,
            edition,
            min(watched_at) as first_at,
            max(watched_at) as last_at,
            sum(seconds) as seconds,
            sum(to_second - from_second) as seconds_there,
            range_agg(int4range(from_second, to_second)) as ranges,
            -- Playback and the half hour after it; anything that follows within it belongs to the same view.
            range_agg(tstzrange(watched_at, watched_at + make_interval(secs => seconds) + interval '30 minutes', '[]')) as stays
        from segments
        group by
            student_id,
            video_id,
            edition
    ),

    pairs_played as materialized (
        select
            student_id,
            video_id,
            range_agg(stays) as stays
        from played
        group by
            student_id,
            video_id
    ),

    progress_read as materialized (
        select known.*
        from unnest(whole_here) as named (student_id)
        cross join lateral (
            select
                student_id,
                video_id,
                first_watched,
                last_watched,
                watch_duration,
                watch_percentage,
                completed
            from video_progress
            where
                creator_id = creator
                and student_id = named.student_id
                and first_watched <= moment
            offset 0
        ) as known
        union all
        select known.*
        from unnest(students_here, videos_here) as named (student_id, video_id)
        cross join lateral (
            select
                student_id,
                video_id,
                first_watched,
                last_watched,
                watch_duration,
                watch_percentage,
                completed
            from video_progress
            where
                creator_id = creator
                and student_id = named.student_id
                and video_id = named.video_id
                and first_watched <= moment
            offset 0
        ) as known
    ),

    -- A platform reports one instant, the last one; the rest belongs to it.
    progress as materialized (
        select progress_read.*
        from progress_read
        join unnest(members.students, members.starts, members.ends) as staying (student_id, began_at, ended_at)
            on
                staying.student_id = progress_read.student_id
                and staying.began_at <= case when progress_read.last_watched <= moment then progress_read.last_watched else progress_read.first_watched end
                and case when progress_read.last_watched <= moment then progress_read.last_watched else progress_read.first_watched end < staying.ended_at
    ),

    told as materialized (
        select
            progress.student_id,
            progress.video_id,
            editions.edition,
            case
                when progress.first_watched >= editions.began_at then progress.first_watched
                else progress.last_watched
            end as first_at,
            progress.last_watched as last_at,
            progress.completed as is_completed,
            progress.watch_percentage,
            progress.watch_duration
        from progress
        join editions
            on
                editions.video_id = progress.video_id
                and editions.began_at <= progress.last_watched
                and progress.last_watched < editions.ended_at
        where progress.last_watched <= moment
        union all
        -- It was first watched in an earlier edition, or what has overwritten it since lies after the clock.
        select
            progress.student_id,
            progress.video_id,
            editions.edition,
            progress.first_watched,
            progress.first_watched,
            false,
            null,
            null
        from progress
        join editions
            on
                editions.video_id = progress.video_id
                and editions.began_at <= progress.first_watched
                and progress.first_watched < editions.ended_at
        where
            progress.last_watched > moment
            or progress.last_watched >= editions.ended_at
    ),

    courses_joined as materialized (
        select
            joined.student_id,
            joined.course_id
        from unnest(joined_students, joined_courses) as joined (student_id, course_id)
    ),

    rows_found as materialized (
        select
            student_id,
            video_id,
            edition,
            least(told.first_at, played.first_at) as first_at,
            greatest(told.last_at, played.last_at) as last_at,
            coalesce(told.is_completed, false) as is_told_completed,
            told.watch_percentage,
            told.watch_duration,
            coalesce(told.first_at < played.first_at - interval '30 minutes', false) as is_part,
            played.first_at is not null as is_played,
            played.seconds,
            played.seconds_there,
            played.ranges,
            case
                when played.ranges = range_merge(played.ranges)::int4multirange then upper(played.ranges) - lower(played.ranges)
                else (select sum(upper(stretch) - lower(stretch)) from unnest(played.ranges) as stretch)
            end as seconds_seen -- NULL: none
        from told
        full join played using (student_id, video_id, edition)
    ),

    rows_measured as materialized (
        select
            rows_found.*,
            editions.is_published and (not is_by_course or courses_joined.student_id is not null) as is_required,
            editions.is_current,
            editions.length_seconds,
            -- Watched in one go, and nothing twice.
            coalesce(
                rows_found.seconds_there = rows_found.seconds_seen
                and rows_found.seconds_seen = upper(rows_found.ranges) - lower(rows_found.ranges),
                false
            ) as is_plain,
            hundredths_of_credits(editions.length_seconds) as credits,
            rows_found.is_told_completed
            or (
                coalesce(rows_found.seconds_seen * 10 >= editions.length_seconds::bigint * 9, false)
                and 100 * (editions.length_seconds - upper(rows_found.ranges))::bigint < hundredths_of_credits(editions.length_seconds)
            ) as is_completed,
            pairs_played.student_id is null as is_only_told,
            rows_found.watch_percentage is null
            and not (rows_found.is_played and not rows_found.is_part and editions.length_seconds is not null) as is_unmeasured
        from rows_found
        join editions
            on
                editions.video_id = rows_found.video_id
                and editions.edition = rows_found.edition
        left join courses_joined
            on
                courses_joined.student_id = rows_found.student_id
                and courses_joined.course_id = editions.course_id
        left join pairs_played
            on
                pairs_played.student_id = rows_found.student_id
                and pairs_played.video_id = rows_found.video_id
    ),

    curves as (
        -- The mean of a video's retention curve is the area under it, with everyone there at 0%. It is read only for viewers of
        -- whom nothing more precise is known.
        select
            video_id,
            (
                sum((position_percent - before_position) * (viewers_percent + before_viewers) / 2)
                + (100 - max(position_percent)) * (array_agg(viewers_percent order by position_percent desc))[1]
            ) / 100 as mean_percent
        from (
            select
                video_id,
                position_percent,
                viewers_percent,
                lag(position_percent, 1, 0) over curve as before_position,
                lag(viewers_percent, 1, 100) over curve as before_viewers
            from retention_points
            where
                creator_id = creator
                and video_id = any(array(select distinct video_id from rows_measured where is_unmeasured and is_current))
            window curve as (partition by video_id order by position_percent)
        ) as points
        group by video_id
    ),

    plays as (
        select
            changes.student_id,
            changes.video_id,
            changes.edition,
            array_agg(changes.second order by changes.second) as play_seconds,
            array_agg(changes.change order by changes.second) as play_changes
        from (
            select
                segments.student_id,
                segments.video_id,
                segments.edition,
                edge.second,
                sum(edge.change)::integer as change
            from segments
            join rows_measured
                on
                    rows_measured.student_id = segments.student_id
                    and rows_measured.video_id = segments.video_id
                    and rows_measured.edition = segments.edition
            cross join lateral (values (segments.from_second, 1), (segments.to_second, -1)) as edge (second, change)
            where not rows_measured.is_plain
            group by
                segments.student_id,
                segments.video_id,
                segments.edition,
                edge.second
            having sum(edge.change) <> 0
        ) as changes
        group by
            changes.student_id,
            changes.video_id,
            changes.edition
    ),

    new_rows as materialized (
        select
            folded_course as course,
            folded_run as run,
            rows_measured.student_id,
            rows_measured.video_id,
            rows_measured.edition,
            rows_measured.first_at,
            rows_measured.last_at,
            rows_measured.is_completed,
            rows_measured.is_required,
            round(
                case
                    when rows_measured.watch_percentage is not null then 100 * rows_measured.watch_percentage
                    when not rows_measured.is_unmeasured
                        then 10000.0 * coalesce(rows_measured.seconds_seen, 0) / rows_measured.length_seconds
                    when rows_measured.is_current then 100 * curves.mean_percent
                end
            )::integer as share_hundredths,
            least(
                case
                    when rows_measured.is_part then greatest(rows_measured.seconds, rows_measured.watch_duration)
                    when rows_measured.is_only_told then coalesce(rows_measured.watch_duration, 0)
                    else coalesce(rows_measured.seconds, 0)
                end,
                2147483647
            )::integer as watched_seconds,
            rows_measured.ranges,
            case
                when rows_measured.is_plain then array[lower(rows_measured.ranges), upper(rows_measured.ranges)]
                else coalesce(plays.play_seconds, '{}')
            end as play_seconds,
            case when rows_measured.is_plain then array[1, -1] else coalesce(plays.play_changes, '{}') end as play_changes,
            case
                -- A viewer who plays on into the credits has not stopped; a look at just the ending does not mean that they
                -- watched up to there.
                when rows_measured.is_completed or rows_measured.is_part or rows_measured.length_seconds is null then null
                else (
                    select
                        case
                            when 100 * (rows_measured.length_seconds - max(upper(stretch)))::bigint >= rows_measured.credits
                                then max(upper(stretch))
                        end
                    from unnest(rows_measured.ranges) as stretch
                    where 100 * (rows_measured.length_seconds - lower(stretch))::bigint > rows_measured.credits
                )
            end as exit_second
        from rows_measured
        left join curves on curves.video_id = rows_measured.video_id
        left join plays
            on
                plays.student_id = rows_measured.student_id
                and plays.video_id = rows_measured.video_id
                and plays.edition = rows_measured.edition
    ),

    new_views as materialized (
        select
            folded_course as course,
            folded_run as run,
            begun.student_id,
            begun.video_id,
            begun.began_at,
            begun.ended_at,
            editions.edition
        from (
            select
                pairs_played.student_id,
                pairs_played.video_id,
                lower(stay) as began_at,
                upper(stay) - interval '30 minutes' as ended_at
            from pairs_played
            cross join lateral unnest(pairs_played.stays) as stay
        ) as begun
        join editions
            on
                editions.video_id = begun.video_id
                and editions.began_at <= begun.began_at
                and begun.began_at < editions.ended_at
        union all
        -- Without playback there is one view, begun when the video was first watched.
        select
            folded_course,
            folded_run,
            student_id,
            video_id,
            min(first_at),
            min(first_at),
            min(edition)
        from rows_measured
        where is_only_told
        group by
            student_id,
            video_id
    ),

    signed_rows as materialized (
        select
            new_rows.*,
            1 as sign
        from new_rows
        left join old_rows using (course, run, student_id, video_id, edition)
        where
            (
                new_rows.first_at,
                new_rows.last_at,
                new_rows.is_completed,
                new_rows.is_required,
                new_rows.share_hundredths,
                new_rows.watched_seconds,
                new_rows.ranges,
                new_rows.play_seconds,
                new_rows.play_changes,
                new_rows.exit_second
            )
            is distinct from (
                old_rows.first_at,
                old_rows.last_at,
                old_rows.is_completed,
                old_rows.is_required,
                old_rows.share_hundredths,
                old_rows.watched_seconds,
                old_rows.ranges,
                old_rows.play_seconds,
                old_rows.play_changes,
                old_rows.exit_second
            )
        union all
        select
            course,
            run,
            student_id,
            video_id,
            edition,
            old_rows.first_at,
            old_rows.last_at,
            old_rows.is_completed,
            old_rows.is_required,
            old_rows.share_hundredths,
            old_rows.watched_seconds,
            old_rows.ranges,
            old_rows.play_seconds,
            old_rows.play_changes,
            old_rows.exit_second,
            -1
        from old_rows
        left join new_rows using (course, run, student_id, video_id, edition)
        where
            (
                old_rows.first_at,
                old_rows.last_at,
                old_rows.is_completed,
                old_rows.is_required,
                old_rows.share_hundredths,
                old_rows.watched_seconds,
                old_rows.ranges,
                old_rows.play_seconds,
                old_rows.play_changes,
                old_rows.exit_second
            )
            is distinct from (
                new_rows.first_at,
                new_rows.last_at,
                new_rows.is_completed,
                new_rows.is_required,
                new_rows.share_hundredths,
                new_rows.watched_seconds,
                new_rows.ranges,
                new_rows.play_seconds,
                new_rows.play_changes,
                new_rows.exit_second
            )
    ),

    signed_views as materialized (
        select
            new_views.*,
            1 as sign
        from new_views
        left join old_views using (course, run, student_id, video_id, began_at)
        where (new_views.ended_at, new_views.edition) is distinct from (old_views.ended_at, old_views.edition)
        union all
        select
            course,
            run,
            student_id,
            video_id,
            began_at,
            old_views.ended_at,
            old_views.edition,
            -1
        from old_views
        left join new_views using (course, run, student_id, video_id, began_at)
        where (old_views.ended_at, old_views.edition) is distinct from (new_views.ended_at, new_views.edition)
    ),

    slice_rows as materialized (
        select
            course,
            run,
            student_id,
            video_id,
            edition,
            last_at,
            is_completed,
            share_hundredths,
            watched_seconds,
            ranges,
            play_seconds,
            play_changes,
            exit_second
        from watched_videos
        where
            creator_id = creator
            and generation = folded_generation
            and course = folded_course
            and run = folded_run
            and video_id > slice_after
            and video_id <= slice_to
    ),

    rows_added as materialized (
        select
            course,
            run,
            video_id,
            edition,
            is_completed,
            share_hundredths,
            watched_seconds,
            ranges,
            play_seconds,
            play_changes,
            exit_second,
            sign
        from signed_rows
        where video_id <= added_to
        union all
        select
            course,
            run,
            video_id,
            edition,
            is_completed,
            share_hundredths,
            watched_seconds,
            ranges,
            play_seconds,
            play_changes,
            exit_second,
            1
        from slice_rows
    ),

    views_added as materialized (
        select
            course,
            run,
            video_id,
            edition,
            began_at,
            sign
        from signed_views
        where video_id <= added_to
        union all
        select
            course,
            run,
            video_id,
            edition,
            began_at,
            1
        from views
        where
            creator_id = creator
            and generation = folded_generation
            and course = folded_course
            and run = folded_run
            and video_id > slice_after
            and video_id <= slice_to
    ),

    rows_dropped as (
        delete from watched_videos
        where
            creator_id = creator
            and ctid = any(
                array(
                    select old_rows.place
                    from old_rows
                    left join new_rows using (course, run, student_id, video_id, edition)
                    where new_rows.first_at is null
                )
            )
    ),

    rows_kept as (
        insert into watched_videos (
            creator_id,
            generation,
            course,
            run,
            student_id,
            video_id,
            edition,
            first_at,
            last_at,
            is_completed,
            is_required,
            share_hundredths,
            watched_seconds,
            ranges,
            play_seconds,
            play_changes,
            exit_second
        )
        select
            creator,
            folded_generation,
            course,
            run,
            student_id,
            video_id,
            edition,
            first_at,
            last_at,
            is_completed,
            is_required,
            share_hundredths,
            watched_seconds,
            ranges,
            play_seconds,
            play_changes,
            exit_second
        from signed_rows
        where sign = 1
        on conflict (creator_id, generation, course, run, student_id, video_id, edition) do update set
            first_at = excluded.first_at,
            last_at = excluded.last_at,
            is_completed = excluded.is_completed,
            is_required = excluded.is_required,
            share_hundredths = excluded.share_hundredths,
            watched_seconds = excluded.watched_seconds,
            ranges = excluded.ranges,
            play_seconds = excluded.play_seconds,
            play_changes = excluded.play_changes,
            exit_second = excluded.exit_second
    ),

    views_dropped as (
        delete from views
        where
            creator_id = creator
            and ctid = any(
                array(
                    select old_views.place
                    from old_views
                    left join new_views using (course, run, student_id, video_id, began_at)
                    where new_views.ended_at is null
                )
            )
    ),

    views_kept as (
        insert into views (creator_id, generation, course, run, student_id, video_id, began_at, ended_at, edition)
        select
            creator,
            folded_generation,
            course,
            run,
            student_id,
            video_id,
            began_at,
            ended_at,
            edition
        from signed_views
        where sign = 1
        on conflict (creator_id, generation, course, run, student_id, video_id, began_at) do update set
            ended_at = excluded.ended_at,
            edition = excluded.edition
    ),

    videos_changed as (
        insert into video_totals as known (
            creator_id,
            generation,
            course,
            run,
            video_id,
            edition,
            viewers,
            playback_viewers,
            views,
            completions,
            watched_seconds,
            share_sum,
            share_count,
            unfinished_share_sum,
            unfinished_share_count,
            high_shares,
            low_shares
        )
        select
            creator,
            folded_generation,
            course,
            run,
            video_id,
            edition,
            coalesce(sum(sign) filter (where is_row), 0),
            coalesce(sum(sign) filter (where is_played), 0),
            coalesce(sum(sign) filter (where not is_row), 0),
            coalesce(sum(sign) filter (where is_completed), 0),
            coalesce(sum(sign * watched_seconds::bigint), 0),
            coalesce(sum(sign * share_hundredths), 0),
            coalesce(sum(sign) filter (where share_hundredths is not null), 0),
            coalesce(sum(sign * share_hundredths) filter (where not is_completed), 0),
            coalesce(sum(sign) filter (where share_hundredths is not null and not is_completed), 0),
            coalesce(sum(sign) filter (where share_hundredths >= 7500), 0),
            coalesce(sum(sign) filter (where share_hundredths < 2500), 0)
        from (
            select
                course,
                run,
                video_id,
                edition,
                sign,
                true as is_row,
                ranges is not null as is_played,
                is_completed,
                watched_seconds,
                share_hundredths
            from rows_added
            union all
            select
                course,
                run,
                video_id,
                edition,
                sign,
                false,
                false,
                false,
                null,
                null
            from views_added
        ) as signed
        group by
            course,
            run,
            video_id,
            edition
        on conflict (creator_id, generation, course, run, video_id, edition) do update set
            viewers = known.viewers + excluded.viewers,
            playback_viewers = known.playback_viewers + excluded.playback_viewers,
            views = known.views + excluded.views,
            completions = known.completions + excluded.completions,
            watched_seconds = known.watched_seconds + excluded.watched_seconds,
            share_sum = known.share_sum + excluded.share_sum,
            share_count = known.share_count + excluded.share_count,
            unfinished_share_sum = known.unfinished_share_sum + excluded.unfinished_share_sum,
            unfinished_share_count = known.unfinished_share_count + excluded.unfinished_share_count,
            high_shares = known.high_shares + excluded.high_shares,
            low_shares = known.low_shares + excluded.low_shares
        returning known.ctid as place, known.viewers, known.views
    ),

    seconds_changed as (
        insert into video_seconds as known (
            creator_id, generation, course, run, video_id, edition, second, viewers_change, plays_change, exits
        )
        select
            creator,
            folded_generation,
            course,
            run,
            video_id,
            edition,
            second,
            sum(viewers_change),
            sum(plays_change),
            sum(exits)
        from (
            select
                rows_added.course,
                rows_added.run,
                rows_added.video_id,
                rows_added.edition,
                edge.second,
                edge.viewers_change * rows_added.sign as viewers_change,
                0 as plays_change,
                0 as exits
            from rows_added
            cross join lateral unnest(rows_added.ranges) as stretch
            cross join lateral (values (lower(stretch), 1), (upper(stretch), -1)) as edge (second, viewers_change)
            union all
            select
                rows_added.course,
                rows_added.run,
                rows_added.video_id,
                rows_added.edition,
                edge.second,
                0,
                edge.plays_change * rows_added.sign,
                0
            from rows_added
            cross join lateral unnest(rows_added.play_seconds, rows_added.play_changes) as edge (second, plays_change)
            union all
            select
                course,
                run,
                video_id,
                edition,
                exit_second,
                0,
                0,
                sign
            from rows_added
            where exit_second is not null
        ) as edges
        group by
            course,
            run,
            video_id,
            edition,
            second
        having
            sum(viewers_change) <> 0
            or sum(plays_change) <> 0
            or sum(exits) <> 0
        on conflict (creator_id, generation, course, run, video_id, edition, second) do update set
            viewers_change = known.viewers_change + excluded.viewers_change,
            plays_change = known.plays_change + excluded.plays_change,
            exits = known.exits + excluded.exits
        returning known.ctid as place, known.viewers_change, known.plays_change, known.exits
    ),

    signed_pairs as materialized (
        -- A pair counts once, however many editions it has, with the best of them.
        select
            course,
            run,
            student_id,
            video_id,
            (max(last_at) at time zone zone)::date as day,
            1 as sign,
            bool_or(is_completed) as is_completed,
            bool_or(is_completed and is_required) as is_completed_published,
            max(share_hundredths) as share_hundredths,
            sum(watched_seconds) as watched_seconds
        from new_rows
        group by
            course,
            run,
            student_id,
            video_id
        union all
        select
            course,
            run,
            student_id,
            video_id,
            (max(last_at) at time zone zone)::date,
            -1,
            bool_or(is_completed),
            bool_or(is_completed and is_required),
            max(share_hundredths),
            sum(watched_seconds)
        from old_rows
        group by
            course,
            run,
            student_id,
            video_id
    ),

    pairs_added as materialized (
        select
            course,
            run,
            day,
            sign,
            is_completed,
            share_hundredths,
            watched_seconds
        from signed_pairs
        where video_id <= added_to
        union all
        select
            course,
            run,
            (max(last_at) at time zone zone)::date,
            1,
            bool_or(is_completed),
            max(share_hundredths),
            sum(watched_seconds)
        from slice_rows
        group by
            course,
            run,
            student_id,
            video_id
    ),

    students_changed as (
        insert into student_totals as known (
            creator_id,
            generation,
            course,
            run,
            student_id,
            videos_watched,
            videos_completed,
            share_sum,
            share_count,
            watched_seconds,
            views
        )
        select
            creator,
            folded_generation,
            course,
            run,
            student_id,
            sum(videos_watched),
            sum(videos_completed),
            sum(share_sum),
            sum(share_count),
            sum(watched_seconds),
            sum(views)
        from (
            select
                course,
                run,
                student_id,
                sum(sign) as videos_watched,
                coalesce(sum(sign) filter (where is_completed_published), 0) as videos_completed,
                coalesce(sum(sign * share_hundredths), 0) as share_sum,
                coalesce(sum(sign) filter (where share_hundredths is not null), 0) as share_count,
                sum(sign * watched_seconds) as watched_seconds,
                0 as views
            from signed_pairs
            group by
                course,
                run,
                student_id
            union all
            select
                course,
                run,
                student_id,
                0,
                0,
                0,
                0,
                0,
                sum(sign)
            from signed_views
            group by
                course,
                run,
                student_id
        ) as signed
        group by
            course,
            run,
            student_id
        having
            (sum(videos_watched), sum(videos_completed), sum(share_sum), sum(share_count), sum(watched_seconds), sum(views))
            <> (0, 0, 0, 0, 0, 0)
        on conflict (creator_id, generation, course, run, student_id) do update set
            videos_watched = known.videos_watched + excluded.videos_watched,
            videos_completed = known.videos_completed + excluded.videos_completed,
            share_sum = known.share_sum + excluded.share_sum,
            share_count = known.share_count + excluded.share_count,
            watched_seconds = known.watched_seconds + excluded.watched_seconds,
            views = known.views + excluded.views
    ),

    courses_changed as (
        insert into course_totals as known (
            creator_id,
            generation,
            course,
            run,
            videos_watched,
            completions,
            share_sum,
            share_count,
            watched_seconds,
            views
        )
        select
            creator,
            folded_generation,
            course,
            run,
            sum(videos_watched),
            sum(completions),
            sum(share_sum),
            sum(share_count),
            sum(watched_seconds),
            sum(views)
        from (
            select
                course,
                run,
                sum(sign) as videos_watched,
                coalesce(sum(sign) filter (where is_completed), 0) as completions,
                coalesce(sum(sign * share_hundredths), 0) as share_sum,
                coalesce(sum(sign) filter (where share_hundredths is not null), 0) as share_count,
                sum(sign * watched_seconds) as watched_seconds,
                0 as views
            from pairs_added
            group by
                course,
                run
            union all
            select
                course,
                run,
                0,
                0,
                0,
                0,
                0,
                sum(sign)
            from views_added
            group by
                course,
                run
        ) as signed
        group by
            course,
            run
        having
            (sum(videos_watched), sum(completions), sum(share_sum), sum(share_count), sum(watched_seconds), sum(views))
            <> (0, 0, 0, 0, 0, 0)
        on conflict (creator_id, generation, course, run) do update set
            videos_watched = known.videos_watched + excluded.videos_watched,
            completions = known.completions + excluded.completions,
            share_sum = known.share_sum + excluded.share_sum,
            share_count = known.share_count + excluded.share_count,
            watched_seconds = known.watched_seconds + excluded.watched_seconds,
            views = known.views + excluded.views
    ),

    days_changed as (
        insert into days as known (creator_id, generation, course, run, day, last_watched, share_sum, share_count)
        select
            creator,
            folded_generation,
            course,
            run,
            day,
            sum(sign),
            coalesce(sum(sign * share_hundredths), 0),
            coalesce(sum(sign) filter (where share_hundredths is not null), 0)
        from pairs_added
        group by
            course,
            run,
            day
        having
            sum(sign) <> 0
            or coalesce(sum(sign * share_hundredths), 0) <> 0
            or coalesce(sum(sign) filter (where share_hundredths is not null), 0) <> 0
        on conflict (creator_id, generation, course, run, day) do update set
            last_watched = known.last_watched + excluded.last_watched,
            share_sum = known.share_sum + excluded.share_sum,
            share_count = known.share_count + excluded.share_count
    ),

    video_days_changed as (
        insert into video_days as known (creator_id, generation, course, run, day, video_id, views)
        select
            creator,
            folded_generation,
            course,
            run,
            (began_at at time zone zone)::date as day,
            video_id,
            sum(sign)
        from views_added
        group by
            course,
            run,
            (began_at at time zone zone)::date,
            video_id
        having sum(sign) <> 0
        on conflict (creator_id, generation, course, run, day, video_id) do update set views = known.views + excluded.views
        returning known.ctid as place, known.students, known.views, known.questions
    )

    select
        array(
            select place
            from seconds_changed
            where (viewers_change, plays_change, exits) = (0, 0, 0)
        ) as seconds,
        array(
            select place
            from videos_changed
            where (viewers, views) = (0, 0)
        ) as videos,
        array(
            select place
            from video_days_changed
            where (students, views, questions) = (0, 0, 0)
        ) as video_days
    into emptied;

    delete from video_seconds
    where
        creator_id = creator
        and ctid = any(emptied.seconds);
    delete from video_days
    where
        creator_id = creator
        and ctid = any(emptied.video_days);
    delete from video_totals
    where
        creator_id = creator
        and ctid = any(emptied.videos);
end;
$$;

revoke execute on function fold_watching(uuid, integer, integer, integer, uuid[], uuid[], timestamptz[], uuid, uuid) from public;
