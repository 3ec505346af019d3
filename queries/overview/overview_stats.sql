-- One row: the creator's headline figures.
with

-- include: queries/steps/shown,

bounds as materialized (
    select
        shown.creator_id,
        shown.generation,
        shown.instant,
        shown.today,
        date_trunc('month', shown.today)::date as month_start,
        (date_trunc('month', shown.today) - interval '1 month')::date as last_month_start,
        shown.instant - interval '7 days' as seven_days_ago,
        shown.instant - interval '30 days' as seen_since,
        shown.today - 13 as first_day_before,
        shown.today - 7 as last_day_before,
        day_start(shown.today - 6, shown.timezone) as week_start
    from shown
),

new_students_counted as (
    select
        coalesce(sum(days.enrolments) filter (where days.day >= bounds.month_start), 0)::bigint as new_this_month,
        coalesce(
            sum(days.enrolments) filter (
                where
                    days.day < bounds.month_start
                    and days.day <= bounds.last_month_start + (bounds.today - bounds.month_start)
            ),
            0
        )::bigint as new_last_month
    from bounds
    join days
        on days.creator_id = bounds.creator_id
        and days.generation = bounds.generation
        and days.course = :course
        and days.run = :run
        and days.day between bounds.last_month_start and bounds.today
),

-- include: queries/steps/students_seen,

active_students_counted as (
    select
        count(*) filter (where seen_at >= (select seven_days_ago from bounds)) as active_students_7d,
        count(*) filter (where seen_at >= (select seen_since from bounds)) as active_students_30d,
        count(*) filter (where seen_at >= (select week_start from bounds)) as active_this_week
    from students_seen
),

-- How many were seen on the days from bounds.first_day_before to bounds.last_day_before, which are over; null: no day. Each of
-- them was seen for the first time in these days on exactly one day: the one whose gap since the day before it reaches out of
-- these days.
students_before as (
    select coalesce(sum(day_gaps.students), 0)::bigint as students
    from bounds
    join day_gaps
        on day_gaps.creator_id = bounds.creator_id
        and day_gaps.generation = bounds.generation
        and day_gaps.course = :course
        and day_gaps.run = :run
        and day_gaps.day between bounds.first_day_before and bounds.last_day_before
    where (day_gaps.gap_days = 0 or day_gaps.gap_days > day_gaps.day - bounds.first_day_before)
),

videos_counted as (
    select
        count(*) as total_videos,
        count(*) filter (where status = 'completed') as processed_videos
    from videos
    where
        creator_id = :creator_id
        and deleted_at is null
        and (cast(:course_id as uuid) is null or course_id = cast(:course_id as uuid))
)

select
    coalesce(course_totals.students, 0) as total_students,
    (select active_students_7d from active_students_counted) as active_students_7d,
    (select active_students_30d from active_students_counted) as active_students_30d,
    (select new_this_month from new_students_counted) as new_this_month,
    (select new_last_month from new_students_counted) as new_last_month,
    (select active_this_week from active_students_counted) as active_this_week,
    (select students from students_before) as active_week_before,
    course_totals.share_sum / 100.0 / nullif(course_totals.share_count, 0) as avg_completion_percent,
    (select total_videos from videos_counted) as total_videos,
    (select processed_videos from videos_counted) as processed_videos,
    coalesce(course_totals.views, 0) as total_video_views,
    coalesce(course_totals.videos_watched, 0) as videos_watched,
    coalesce(course_totals.attempts, 0) as quiz_attempts,
    coalesce(course_totals.passed, 0) as quizzes_passed,
    coalesce(course_totals.questions, 0) as questions_asked,
    coalesce(course_totals.answered, 0) as questions_answered,
    course_totals.rating_sum / 100.0 / nullif(course_totals.rating_count, 0) as satisfaction_rate,
    creator_data_versions.refreshed_at
from (select cast(:creator_id as uuid) as creator_id) as asked -- one row even for an unknown creator
left join shown on shown.creator_id = asked.creator_id
left join course_totals
    on course_totals.creator_id = shown.creator_id
    and course_totals.generation = shown.generation
    and course_totals.course = :course
    and course_totals.run = :run
left join creator_data_versions on creator_data_versions.creator_id = shown.creator_id
