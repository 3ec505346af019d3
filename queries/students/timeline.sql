-- One row per event of the requested page, newest first, each with the number of all.
with

-- include: queries/students/steps/student_found,

-- include: queries/students/steps/started,

-- include: queries/students/steps/silences,

started_titled as (
    select
        started.*,
        videos.title
    from started
    join videos
        on videos.creator_id = started.creator_id
        and videos.id = started.video_id
    where videos.deleted_at is null
),

ends_reached as (
    -- Per completed video, when its furthest second was first played.
    select distinct on (watch_segments.video_id)
        watch_segments.creator_id,
        watch_segments.video_id,
        watch_segments.watched_at as reached_at
    from started_titled
    join watch_segments
        on watch_segments.creator_id = started_titled.creator_id
        and watch_segments.student_id = started_titled.student_id
        and watch_segments.video_id = started_titled.video_id
        and watch_segments.watched_at <= started_titled.last_watched
        and (
            :run = 0
            or :run = (
                select level_runs.number
                from (
                    select
                        watch_segments.creator_id,
                        watch_segments.student_id,
                        watch_segments.watched_at as instant
                ) as done
                -- include: queries/steps/run_in_force
            )
        )
    where started_titled.is_completed
    order by
        watch_segments.video_id asc,
        watch_segments.end_second desc,
        watch_segments.watched_at asc
),

events (occurred_at, step, kind, subject, video_id, quiz_id, days, score_percent, attempt_number) as (
    select
        created_at, 0, 'enrolled', null::text, null::uuid, null::uuid,
        null::numeric, null::numeric, null::integer
    from student_found
    union all
    (
        select first_watched, 2, 'first_video', title, video_id, null, null, null, null
        from started_titled
        order by
            first_watched,
            video_id
        limit 1
    )
    union all
    select
        coalesce(ends_reached.reached_at, started_titled.last_watched), 3, 'completed',
        started_titled.title, started_titled.video_id, null, null, null, null
    from started_titled
    left join ends_reached
        on ends_reached.creator_id = started_titled.creator_id
        and ends_reached.video_id = started_titled.video_id
    where started_titled.is_completed
    union all
    select
        quiz_attempts.completed_at, 4, case when quiz_attempts.passed then 'passed' else 'failed' end,
        quizzes.title, null, case when quizzes.deleted_at is null then quizzes.id end,
        null, quiz_attempts.score_percent, quiz_attempts.attempt_number
    from shown
    join quiz_attempts
        on quiz_attempts.creator_id = shown.creator_id
        and quiz_attempts.student_id = :student_id
        and quiz_attempts.completed_at <= shown.instant
        and (
            -- include: queries/steps/attempt_of_the_level
        )
    join quizzes
        on quizzes.creator_id = quiz_attempts.creator_id
        and quizzes.id = quiz_attempts.quiz_id
    union all
    select
        asked_questions.asked_at, 5, 'asked', asked_questions.wording, asked_questions.video_id, null,
        null, null, null
    from shown
    join asked_questions
        on asked_questions.creator_id = shown.creator_id
        and asked_questions.generation = shown.generation
        and asked_questions.course = :course
        and asked_questions.run = :run
        and asked_questions.student_id = :student_id
        and asked_questions.asked_at <= shown.instant
    union all
    -- A time away begins when its last active day is over, and ends when the day of the return begins.
    select
        (silences_found.last_date + 1)::timestamp at time zone shown.timezone - interval '1 second',
        6, 'silence', null, null, null, silences_found.gap_days, null, null
    from silences_found
    join shown on shown.creator_id = silences_found.creator_id
    union all
    select
        silences_found.return_date::timestamp at time zone shown.timezone,
        1, 'came_back', null, null, null, silences_found.gap_days, null, null
    from silences_found
    join shown on shown.creator_id = silences_found.creator_id
)

select
    count(*) over () as total,
    events.occurred_at,
    events.kind,
    events.subject,
    events.video_id,
    events.quiz_id,
    events.days,
    events.score_percent,
    events.attempt_number
from events
where exists (select from student_found)
order by
    events.occurred_at desc,
    events.step desc,
    events.subject asc,
    events.video_id asc,
    events.attempt_number desc
limit :limit offset :offset
