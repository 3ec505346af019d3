-- One row per creator and student who is not deleted, with the current tier; only students enrolled in the course and run that
-- the transaction reads. The clock is a subquery, so that it is read once and not for every row; no expression is named twice,
-- so that only the requested columns are computed.
create or replace view student_engagement_tiers with (security_invoker = true) as
with published_counted as (
    select
        creator_id,
        count(*) as published_videos
    from videos
    where
        status = 'completed'
        and is_published
        and deleted_at is null
        and ((select current_course_id()) is null or course_id = (select current_course_id()))
    group by creator_id
),

-- For creators whose figures are kept course by course; for nobody else does this read a row.
published_by_course as materialized (
    select
        courses.creator_id,
        courses.number as course,
        count(*) as published_videos
    from courses
    join videos
        on
        videos.creator_id = courses.creator_id
        and videos.course_id = courses.id
    where
        videos.status = 'completed'
        and videos.is_published
        and videos.deleted_at is null
    group by
        courses.creator_id,
        courses.number
),

students_counted as (
    select
        students.creator_id,
        students.id as student_id,
        students.name,
        students.email,
        students.xp_points,
        students.level,
        students.streak_days,
        case when (select current_course()) = 0 then students.created_at else student_totals.enrolled_at end as created_at,
        student_totals.last_active,
        coalesce(student_totals.videos_watched, 0) as videos_watched,
        coalesce(student_totals.videos_completed, 0) as videos_completed,
        student_totals.share_sum / 100.0 / nullif(student_totals.share_count, 0) as avg_completion,
        student_totals.share_count > 0 and student_totals.share_sum >= 7500 * student_totals.share_count as is_well_watched,
        coalesce(student_totals.watched_seconds, 0) as watch_seconds,
        coalesce(student_totals.attempts, 0) as quiz_attempts,
        coalesce(student_totals.passed, 0) as quizzes_passed,
        coalesce(student_totals.questions, 0) as questions_asked,
        case
            when student_totals.courses is null then coalesce(published_counted.published_videos, 0)
            else (
                select coalesce(sum(published_by_course.published_videos), 0)::bigint
                from published_by_course
                where
                    published_by_course.creator_id = students.creator_id
                    and published_by_course.course = any(student_totals.courses)
            )
        end as published_videos,
        coalesce(student_totals.seen_days, 0) as seen_days,
        student_totals.first_at,
        student_totals.last_at,
        student_totals.generation,
        coalesce(student_totals.failed_in_a_row, 0) as failed_in_a_row,
        coalesce(student_totals.runs_until, timestamptz 'infinity') as runs_until,
        students.sort_key,
        students.search_text
    from students
    left join shown_student_totals as student_totals
        on
        student_totals.creator_id = students.creator_id
        and student_totals.student_id = students.id
    left join published_counted on published_counted.creator_id = students.creator_id
    where
        students.deleted_at is null
        and ((select current_course()) = 0 or student_totals.student_id is not null)
)

select
    creator_id,
    student_id,
    name,
    email,
    xp_points,
    level,
    streak_days,
    created_at,
    last_active,
    coalesce(last_active, created_at) as silent_since,
    videos_watched,
    videos_completed,
    avg_completion,
    watch_seconds,
    quiz_attempts,
    quizzes_passed,
    questions_asked,
    published_videos,
    100.0 * videos_completed / nullif(published_videos, 0) as progress_percent,
    case
        when coalesce(last_active, created_at) < (select dashboard_now() - interval '14 days') then 'inactive'
        when coalesce(last_active, created_at) < (select dashboard_now() - interval '7 days') then 'at_risk'
        when videos_watched < 3 and created_at < (select dashboard_now() - interval '7 days') then 'low_engagement'
        when videos_watched >= 10 and is_well_watched then 'highly_engaged'
        when videos_watched >= 5 then 'engaged'
        else 'moderate'
    end as engagement_tier,
    case
        when coalesce(last_active, created_at) < (select dashboard_now() - interval '14 days') then 'inactive'
        when coalesce(last_active, created_at) < (select dashboard_now() - interval '7 days') then 'at-risk'
        else 'active'
    end as status,
    published_videos > 0 and videos_completed >= published_videos as is_finished,
    seen_days,
    first_at,
    last_at,
    generation, -- NULL: nothing of the student is folded yet
    failed_in_a_row,
    runs_until > (select dashboard_now()) as is_running, -- enrolled in a run that goes on
    sort_key,
    search_text
from students_counted;

grant select on student_engagement_tiers to dashboard_app;
