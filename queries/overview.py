"""The headline figures of one creator."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.frames import one_row
from queries.caching import cached_query
from queries.changes import change_percent, share_percent

OVERVIEW_STATS = """
    -- One row: the creator's headline figures.
    with clock as (
        select (dashboard_now() at time zone timezone)::date as today
        from creators
        where id = :creator_id
    ),

    months as (
        select
            today,
            date_trunc('month', today)::date as month_start,
            (date_trunc('month', today) - interval '1 month')::date as last_month_start
        from clock
    ),

    students_enrolled as (
        select (students.created_at at time zone creators.timezone)::date as enrolled_date
        from students
        join creators on creators.id = students.creator_id
        where
            students.creator_id = :creator_id
            and students.deleted_at is null
    ),

    new_students_counted as (
        select
            count(*) filter (where enrolled_date between month_start and today) as new_this_month,
            count(*) filter (
                where
                    enrolled_date >= last_month_start
                    and enrolled_date < month_start
                    and enrolled_date <= last_month_start + (today - month_start)
            ) as new_last_month
        from months
        left join students_enrolled on true
    ),

    active_students_counted as (
        select
            count(distinct student_id) filter (where activity_date > today - 7) as active_this_week,
            count(distinct student_id) filter (where activity_date <= today - 7) as active_week_before
        from clock
        left join daily_student_activity
            on
                daily_student_activity.creator_id = :creator_id
                and daily_student_activity.activity_date between today - 13 and today
    )

    select
        coalesce(cache.total_students, 0) as total_students,
        coalesce(cache.active_students_7d, 0) as active_students_7d,
        coalesce(cache.active_students_30d, 0) as active_students_30d,
        new_students_counted.new_this_month,
        new_students_counted.new_last_month,
        active_students_counted.active_this_week,
        active_students_counted.active_week_before,
        cache.avg_watch_percentage as avg_completion_percent,
        coalesce(cache.total_videos, 0) as total_videos,
        coalesce(cache.processed_videos, 0) as processed_videos,
        coalesce(cache.total_video_views, 0) as total_video_views,
        coalesce(cache.videos_watched, 0) as videos_watched,
        coalesce(cache.total_quiz_attempts, 0) as quiz_attempts,
        coalesce(cache.quizzes_passed, 0) as quizzes_passed,
        coalesce(cache.questions_asked, 0) as questions_asked,
        coalesce(cache.questions_answered, 0) as questions_answered,
        cache.satisfaction_rate,
        versions.refreshed_at
    from new_students_counted
    cross join active_students_counted
    left join creator_analytics_cache as cache on cache.creator_id = :creator_id
    left join creator_data_versions as versions on versions.creator_id = :creator_id
"""


@dataclass(frozen=True)
class OverviewStats:
    total_students: int
    active_students_7d: int
    active_students_30d: int
    new_this_month: int
    new_last_month: int
    active_this_week: int
    active_week_before: int
    avg_completion_percent: float | None
    total_videos: int
    processed_videos: int
    total_video_views: int
    videos_watched: int
    quiz_attempts: int
    quizzes_passed: int
    questions_asked: int
    questions_answered: int
    satisfaction_rate: float | None
    refreshed_at: datetime | None

    @property
    def active_percentage(self) -> int | None:
        return share_percent(self.active_students_7d, self.total_students)

    @property
    def active_change_percent(self) -> int | None:
        return change_percent(self.active_this_week, self.active_week_before)

    @property
    def new_change_percent(self) -> int | None:
        return change_percent(self.new_this_month, self.new_last_month)


@cached_query
def overview_stats(creator_id: UUID) -> OverviewStats:
    """Totals of now, with changes against the week and the month before.

    Percents are 0 to 100, `satisfaction_rate` 0 to 1; None where there is nothing to divide by.
    """
    return OverviewStats(**one_row(creator_id, OVERVIEW_STATS))
