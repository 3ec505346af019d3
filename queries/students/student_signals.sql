-- One row per signal that holds, worst first.
with

-- include: queries/steps/shown,

student_found as (
    select
        student_engagement_tiers.creator_id,
        student_engagement_tiers.last_active,
        student_engagement_tiers.is_finished,
        student_engagement_tiers.published_videos,
        extract(epoch from shown.instant - student_engagement_tiers.silent_since) / 86400 as silent_days,
        shown.today
    from shown
    join student_engagement_tiers on student_engagement_tiers.creator_id = shown.creator_id
    where
        student_engagement_tiers.creator_id = :creator_id
        and student_engagement_tiers.student_id = :student_id
),

-- include: queries/students/steps/silences,

rhythm_measured as (
    -- The usual gap between days with an activity, once there are three such days.
    select
        cast(:creator_id as uuid) as creator_id,
        case when count(gap_days) >= 2 then avg(gap_days) end as usual_gap_days
    from days_seen
),

attempts_ranked as (
    select
        quiz_attempts.passed,
        quiz_attempts.score_percent,
        quizzes.title,
        case when quizzes.deleted_at is null then quizzes.id end as quiz_id,
        row_number() over (
            order by
                quiz_attempts.completed_at desc,
                quiz_attempts.attempt_number desc,
                quiz_attempts.id asc
        ) as place
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
),

failures_counted as (
    select
        cast(:creator_id as uuid) as creator_id,
        coalesce(min(place) filter (where passed) - 1, count(*)) as failed_in_a_row,
        max(title) filter (where place = 1) as title,
        max(quiz_id::text) filter (where place = 1) as quiz_id,
        max(score_percent) filter (where place = 1) as score_percent
    from attempts_ranked
),

published as (
    -- Numbered as on the student's page: the videos of the courses that the student has not left, in course order.
    select
        videos.creator_id,
        videos.id as video_id,
        videos.title,
        videos.duration_seconds,
        row_number() over (
            order by courses.position, courses.number, videos.position, videos.created_at, videos.id
        ) as place
    from student_found
    left join shown_student_totals
        on shown_student_totals.creator_id = student_found.creator_id
        and shown_student_totals.student_id = :student_id
    join courses
        on courses.creator_id = student_found.creator_id
        and (shown_student_totals.courses is null or courses.number = any(shown_student_totals.courses))
    join videos
        on videos.creator_id = courses.creator_id
        and videos.course_id = courses.id
        and videos.status = 'completed'
        and videos.is_published
        and videos.deleted_at is null
        and (cast(:course_id as uuid) is null or videos.course_id = cast(:course_id as uuid))
),

videos_started as (
    select
        watched_videos.creator_id,
        watched_videos.video_id,
        bool_or(watched_videos.is_completed) as is_completed,
        (
            array_agg(
                coalesce(watched_videos.exit_second, upper(watched_videos.ranges))
                order by watched_videos.edition desc
            )
        )[1] as furthest_second
    from shown
    join watched_videos
        on watched_videos.creator_id = shown.creator_id
        and watched_videos.generation = shown.generation
        and watched_videos.course = :course
        and watched_videos.run = :run
        and watched_videos.student_id = :student_id
        and watched_videos.first_at <= shown.instant
    group by
        watched_videos.creator_id,
        watched_videos.video_id
),

furthest_started as (
    select
        published.*,
        videos_started.is_completed,
        videos_started.furthest_second
    from videos_started
    join published
        on published.creator_id = videos_started.creator_id
        and published.video_id = videos_started.video_id
    order by published.place desc
    limit 1
),

questions_repeated as (
    select
        asked_questions.creator_id,
        (
            array_agg(
                asked_questions.wording
                order by asked_questions.asked_at desc, asked_questions.message_id asc
            )
        )[1] as question,
        count(*) as times,
        count(distinct asked_questions.session_id) as conversations,
        max(asked_questions.asked_at) as last_asked_at
    from shown
    join asked_questions
        on asked_questions.creator_id = shown.creator_id
        and asked_questions.generation = shown.generation
        and asked_questions.course = :course
        and asked_questions.run = :run
        and asked_questions.student_id = :student_id
        and asked_questions.asked_at <= shown.instant
    group by
        asked_questions.creator_id,
        asked_questions.question_key
    having
        count(*) >= :repetitions
        and count(distinct asked_questions.session_id) >= :conversations
    order by
        count(*) desc,
        max(asked_questions.asked_at) desc
    limit :repeated_shown
),

signals_found (
    kind, severity, days, usual_gap_days, times, conversations, subject, place, percent, video_id, quiz_id
) as (
    select
        'never_started', 1, silent_days, null::numeric, null::bigint, null::bigint,
        null::text, null::bigint, null::numeric, null::uuid, null::uuid
    from student_found
    where last_active is null
    union all
    select
        'silent', 2, student_found.silent_days, rhythm_measured.usual_gap_days, null, null,
        null, null, null, null, null
    from student_found
    join rhythm_measured on rhythm_measured.creator_id = student_found.creator_id
    where
        student_found.last_active is not null
        and not student_found.is_finished
        and (
            student_found.silent_days > :silent_days
            or (
                student_found.silent_days > :silence_days
                and student_found.silent_days > :silence_factor * rhythm_measured.usual_gap_days
            )
        )
    union all
    select
        'failing', 3, null, null, failures_counted.failed_in_a_row, null,
        failures_counted.title, null, failures_counted.score_percent, null, failures_counted.quiz_id::uuid
    from student_found
    join failures_counted on failures_counted.creator_id = student_found.creator_id
    where failures_counted.failed_in_a_row >= :failures
    union all
    select
        'stuck', 4, student_found.silent_days, null, null, null,
        furthest_started.title, furthest_started.place,
        least(100.0 * furthest_started.furthest_second / nullif(furthest_started.duration_seconds, 0), 100),
        furthest_started.video_id, null
    from student_found
    join furthest_started on furthest_started.creator_id = student_found.creator_id
    where
        not furthest_started.is_completed
        and student_found.silent_days > :stuck_days
    union all
    select
        'repeating', 5, null, null, questions_repeated.times, questions_repeated.conversations,
        questions_repeated.question, null, null, null, null
    from student_found
    join questions_repeated on questions_repeated.creator_id = student_found.creator_id
    union all
    select
        'came_back', 6, student_found.today - returns_ranked.return_date, returns_ranked.usual_gap_days,
        returns_ranked.gap_days, null, null, null, null, null, null
    from student_found
    join (select * from silences_found order by return_date desc limit 1) as returns_ranked
        on returns_ranked.creator_id = student_found.creator_id
    where
        returns_ranked.gap_days > :long_silence_days
        and student_found.today - returns_ranked.return_date between 0 and :back_within_days
        and student_found.silent_days <= :silent_days
    union all
    select
        'finished', 7, student_found.silent_days, null, student_found.published_videos, null,
        null, null, null, null, null
    from student_found
    where student_found.is_finished
)

select
    kind,
    days,
    usual_gap_days,
    times,
    conversations,
    subject,
    place,
    percent,
    video_id,
    quiz_id
from signals_found
order by
    severity asc,
    times desc,
    subject asc
