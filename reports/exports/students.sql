-- One row per student. With the column course, where the creator has several, behind the others: reports.exports.course_column.
with

-- include: queries/steps/students_filtered

select
    name,
    engagement_tier,
    status,
    progress_percent,
    last_active,
    videos_watched,
    quizzes_passed,
    questions_asked,
    xp_points,
    email,
    videos_completed,
    published_videos,
    round(avg_completion_percent, 2) as avg_completion_percent,
    watch_seconds,
    quiz_attempts,
    level,
    streak_days,
    round(silent_days, 2) as silent_days,
    is_finished,
    created_at,
    student_id::text as student_id{course}
from students_filtered
