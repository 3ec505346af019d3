-- One row per student newly at risk, struggling quiz and video with a content issue.

-- include: queries/steps/shown,

-- Look-ups in the index of last_at, as in queries/students/most_at_risk.sql.
students_seen as materialized (
    select
        student_id,
        name,
        silent_since,
        status,
        is_finished,
        is_running
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and generation = (select generation from shown)
        and (
            last_at between
                (select instant - interval '14 days' from shown) and (select instant - interval '7 days' from shown)
            or last_at is null
            or (last_at > (select instant from shown) and last_at < 'infinity')
        )
),

students_newly_at_risk as (
    -- Became over 7 days inactive within the last 7 days: the status at-risk.
    select
        'at_risk' as kind,
        'at_risk:' || student_id || ':' || extract(epoch from silent_since)::bigint as notice_key,
        student_id as subject_id,
        name as subject,
        extract(epoch from (select dashboard_now()) - silent_since)::double precision / 86400 as figure,
        null::bigint as people,
        null::bigint as succeeded,
        null::bigint as students,
        null::integer as length_seconds
    from students_seen
    where
        status = 'at-risk'
        and not is_finished
        and is_running
),

quizzes_struggled_with as (
    select
        'quiz' as kind,
        'quiz:' || quizzes.id as notice_key,
        quizzes.id as subject_id,
        quizzes.title as subject,
        100.0::double precision * (quiz_totals.attempts - quiz_totals.passed) / quiz_totals.attempts as figure,
        quiz_totals.attempts::bigint as people,
        quiz_totals.passed::bigint as succeeded,
        quiz_totals.students::bigint as students,
        null::integer as length_seconds
    from shown
    join quiz_totals
        on quiz_totals.creator_id = shown.creator_id
        and quiz_totals.generation = shown.generation
        and quiz_totals.course = :course
        and quiz_totals.run = :run
    join quizzes
        on quizzes.creator_id = quiz_totals.creator_id
        and quizzes.id = quiz_totals.quiz_id
    where
        quizzes.deleted_at is null
        and quizzes.status = 'published'
        and (
            -- include: queries/quizzes/steps/is_struggling
        )
),

videos_with_issues as (
    select
        'video' as kind,
        'video:' || videos.id as notice_key,
        videos.id as subject_id,
        videos.title as subject,
        video_analytics.completion_rate::double precision as figure,
        video_analytics.unique_viewers::bigint as people,
        video_analytics.completions::bigint as succeeded,
        null::bigint as students,
        current_editions.length_seconds::integer as length_seconds
    from video_analytics
    join videos
        on videos.creator_id = video_analytics.creator_id
        and videos.id = video_analytics.video_id
    join current_editions
        on current_editions.creator_id = video_analytics.creator_id
        and current_editions.video_id = video_analytics.video_id
    where
        video_analytics.creator_id = :creator_id
        and videos.deleted_at is null
        and videos.status = 'completed'
        and videos.is_published
        and video_analytics.unique_viewers >= :enough_viewers
        and video_analytics.completion_rate < :low_percent
),

notices_found as (
    select * from students_newly_at_risk
    union all
    select * from quizzes_struggled_with
    union all
    select * from videos_with_issues
)
