-- One row per creator, for the course and run that the transaction reads; by default, for all of them.
create or replace view creator_analytics_cache with (security_invoker = true) as
with videos_counted as (
    select
        creator_id,
        count(*) as total_videos,
        count(*) filter (where status = 'completed') as processed_videos
    from videos
    where
        deleted_at is null
        and ((select current_course_id()) is null or course_id = (select current_course_id()))
    group by creator_id
),

students_counted as (
    select
        creator_id,
        count(*) filter (where last_active >= (select dashboard_now() - interval '7 days')) as active_students_7d,
        count(*) filter (where last_active >= (select dashboard_now() - interval '30 days')) as active_students_30d
    from shown_student_totals
    where last_at >= (select dashboard_now() - interval '30 days')
    group by creator_id
)

select
    shown_generations.creator_id,
    coalesce(course_totals.students, 0) as total_students,
    coalesce(videos_counted.total_videos, 0)::integer as total_videos,
    coalesce(videos_counted.processed_videos, 0)::integer as processed_videos,
    coalesce(course_totals.views, 0) as total_video_views,
    coalesce(course_totals.videos_watched, 0) as videos_watched,
    course_totals.share_sum / 100.0 / nullif(course_totals.share_count, 0) as avg_watch_percentage,
    coalesce(course_totals.watched_seconds, 0) as total_watch_seconds,
    coalesce(course_totals.chat_sessions, 0) as total_chat_sessions,
    coalesce(course_totals.chat_messages, 0) as total_chat_messages,
    coalesce(course_totals.questions, 0) as questions_asked,
    coalesce(course_totals.answered, 0) as questions_answered,
    course_totals.rating_sum / 100.0 / nullif(course_totals.rating_count, 0) as satisfaction_rate,
    coalesce(course_totals.attempts, 0) as total_quiz_attempts,
    coalesce(course_totals.passed, 0) as quizzes_passed,
    creator_data_versions.refreshed_at as cached_at,
    coalesce(students_counted.active_students_7d, 0) as active_students_7d,
    coalesce(students_counted.active_students_30d, 0) as active_students_30d
from shown_generations
left join course_totals
    on
    course_totals.creator_id = shown_generations.creator_id
    and course_totals.generation = shown_generations.generation
    and course_totals.course = (select current_course())
    and course_totals.run = (select current_run())
left join videos_counted on videos_counted.creator_id = shown_generations.creator_id
left join students_counted on students_counted.creator_id = shown_generations.creator_id
left join creator_data_versions on creator_data_versions.creator_id = shown_generations.creator_id;

grant select on creator_analytics_cache to dashboard_app;
