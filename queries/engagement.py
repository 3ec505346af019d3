"""When students are there, and how the period compares with the one before it."""

from dataclasses import dataclass
from uuid import UUID

import pandas as pd

from database.frames import frame, one_row
from queries.caching import cached_query
from queries.changes import change_percent
from queries.periods import Period

CLOCK = """
    clock as (
        select
            timezone,
            (dashboard_now() at time zone timezone)::date as today,
            -- For the index, in its own type; a day early, because a midnight may come twice. The date decides.
            dashboard_now() - (2 * :days + 1) * interval '24 hours' as scan_start
        from creators
        where id = :creator_id
    )
"""

DAYS_BY_THE_CLOCK = """
    days as (
        select
            today - days_ago as activity_date,
            case when days_ago < :days then 'this' else 'previous' end as "window",
            today - days_ago % :days as shown_at
        from clock
        cross join generate_series(0, 2 * :days - 1) as series (days_ago)
    )
"""

# Every daily query starts with the days of this period and of the one before it, oldest first.
DAYS = f"""
    {CLOCK},
    {DAYS_BY_THE_CLOCK}
"""

DAILY_ACTIVE_USERS = f"""
    -- One row per local day of this period and of the one before it.
    with {DAYS},

    signs_counted as (
        select
            activity_date,
            sum(signs_of_life) as signs_of_life
        from hourly_activity
        where creator_id = :creator_id
        group by activity_date
    )

    select
        days.activity_date,
        days.shown_at,
        days."window",
        coalesce(daily_active_users.active_count, 0) as active_students,
        coalesce(signs_counted.signs_of_life, 0)::bigint as signs_of_life,
        coalesce(daily_active_users.videos_watched, 0) as videos_watched,
        coalesce(daily_active_users.total_watch_time_seconds, 0) / 60.0 as watched_minutes
    from days
    left join daily_active_users
        on
            daily_active_users.creator_id = :creator_id
            and daily_active_users.activity_date = days.activity_date
    left join signs_counted on signs_counted.activity_date = days.activity_date
    order by days.activity_date
"""

DAILY_TOTAL_STUDENTS = f"""
    -- One row per local day of this period and of the one before it.
    with {DAYS},

    enrolments_counted as (
        -- Everyone from before the first day stands on the first day, so that a running sum is the total.
        select
            greatest(
                (students.created_at at time zone clock.timezone)::date,
                clock.today - (2 * :days - 1)
            ) as activity_date,
            count(*) as enrolments
        from students
        cross join clock
        where
            students.creator_id = :creator_id
            and students.deleted_at is null
        group by
            greatest(
                (students.created_at at time zone clock.timezone)::date,
                clock.today - (2 * :days - 1)
            )
    )

    select
        days.activity_date,
        days.shown_at,
        days."window",
        coalesce(sum(enrolments_counted.enrolments) over (order by days.activity_date), 0)::bigint as total_students
    from days
    left join enrolments_counted on enrolments_counted.activity_date = days.activity_date
    order by days.activity_date
"""

DAILY_COMPLETION = f"""
    -- One row per local day of this period and of the one before it.
    with {DAYS},

    shares_dated as materialized ( -- each watched_share is computed, so compute it once
        select
            (started_videos.last_watched at time zone clock.timezone)::date as activity_date,
            started_videos.watched_share
        from clock
        join started_videos
            on
                started_videos.creator_id = :creator_id
                and started_videos.last_watched >= clock.scan_start
    ),

    shares_summed as (
        select
            activity_date,
            sum(watched_share) as watched_share_sum,
            count(watched_share) as videos_watched
        from shares_dated
        group by activity_date
    )

    select
        days.activity_date,
        days.shown_at,
        days."window",
        coalesce(shares_summed.watched_share_sum, 0) as watched_share_sum,
        coalesce(shares_summed.videos_watched, 0) as videos_watched
    from days
    left join shares_summed on shares_summed.activity_date = days.activity_date
    order by days.activity_date
"""

DAILY_SATISFACTION = f"""
    -- One row per local day of this period and of the one before it.
    with {DAYS},

    ratings_dated as materialized ( -- each rating is computed, so compute it once
        select
            (questions_asked.created_at at time zone clock.timezone)::date as activity_date,
            questions_asked.rating
        from clock
        join questions_asked
            on
                questions_asked.creator_id = :creator_id
                and questions_asked.created_at >= clock.scan_start
    ),

    ratings_summed as (
        select
            activity_date,
            sum(rating) as rating_sum,
            count(rating) as ratings
        from ratings_dated
        group by activity_date
    )

    select
        days.activity_date,
        days.shown_at,
        days."window",
        coalesce(ratings_summed.rating_sum, 0) as rating_sum,
        coalesce(ratings_summed.ratings, 0) as ratings
    from days
    left join ratings_summed on ratings_summed.activity_date = days.activity_date
    order by days.activity_date
"""

ACTIVE_IN_PERIOD = """
    -- One row: students active in the period, and seen on its days and on those of the one before.
    with clock as (
        select
            dashboard_now() as instant,
            dashboard_now() - :days * interval '24 hours' as period_start,
            (dashboard_now() at time zone timezone)::date as today
        from creators
        where id = :creator_id
    ),

    recently_active_counted as (
        select count(*) as active_students
        from student_activity
        cross join clock
        where
            student_activity.creator_id = :creator_id
            and student_activity.last_active >= clock.period_start
            and (
                student_activity.last_active <= clock.instant
                -- Where the last sign lies after now (in a past week), an earlier one may lie in the period.
                -- "in" is looked up once, where "exists" would read the history of every such student.
                or student_activity.student_id in (
                    select signs_of_life.student_id
                    from signs_of_life
                    where
                        signs_of_life.creator_id = :creator_id
                        and signs_of_life.occurred_at >= (select clock.period_start from clock)
                        and signs_of_life.occurred_at <= (select clock.instant from clock)
                )
            )
    ),

    students_seen as (
        -- One row per student, by hash: counting distinct students of a large creator would sort on disk.
        select
            daily_student_activity.student_id,
            bool_or(daily_student_activity.activity_date > clock.today - :days) as is_of_this_period,
            bool_or(daily_student_activity.activity_date <= clock.today - :days) as is_of_period_before
        from clock
        join daily_student_activity
            on
                daily_student_activity.creator_id = :creator_id
                and daily_student_activity.activity_date between clock.today - (2 * :days - 1) and clock.today
        group by daily_student_activity.student_id
    ),

    windows_counted as (
        select
            count(*) filter (where is_of_this_period) as seen_this_period,
            count(*) filter (where is_of_period_before) as seen_period_before
        from students_seen
    )

    select
        recently_active_counted.active_students,
        windows_counted.seen_this_period,
        windows_counted.seen_period_before
    from recently_active_counted
    cross join windows_counted
"""

PEAK_HOURS = """
    -- One row per hour of the day.
    with clock as (
        select (dashboard_now() at time zone timezone)::date as today
        from creators
        where id = :creator_id
    )

    select
        hours.hour,
        coalesce(sum(hourly_activity.signs_of_life), 0)::bigint as signs_of_life
    from clock
    cross join generate_series(0, 23) as hours (hour)
    left join hourly_activity
        on
            hourly_activity.creator_id = :creator_id
            and hourly_activity.hour = hours.hour
            and hourly_activity.activity_date between clock.today - (:days - 1) and clock.today
    group by hours.hour
    order by hours.hour
"""

AVERAGE_SESSION = """
    -- One row: the mean length of sessions that began on a local day of the period.
    with clock as materialized (
        select
            timezone,
            dashboard_now() as instant,
            (dashboard_now() at time zone timezone)::date - (:days - 1) as first_date,
            -- For the index; a day early, because a midnight may come twice. The date decides.
            dashboard_now() - (:days + 1) * interval '24 hours' as scan_start
        from creators
        where id = :creator_id
    )

    select avg(student_sessions.session_seconds) / 60 as session_minutes
    from clock
    join student_sessions
        on
            student_sessions.creator_id = :creator_id
            and student_sessions.started_at between clock.scan_start and clock.instant
            and (student_sessions.started_at at time zone clock.timezone)::date >= clock.first_date
"""

DATES = ["activity_date", "shown_at"]


@dataclass(frozen=True)
class ActiveInPeriod:
    active_students: int
    seen_this_period: int
    seen_period_before: int

    @property
    def change_percent(self) -> int | None:
        return change_percent(self.seen_this_period, self.seen_period_before)


@cached_query
def daily_active_users(creator_id: UUID, period: Period) -> pd.DataFrame:
    """Students with a sign of life, per day of the period and of the one before it.

    One row per local day, oldest first, none missing: activity_date, shown_at (the day of this
    period that the row stands beside in a comparison), window ("this" or "previous"),
    active_students, signs_of_life, videos_watched, watched_minutes.
    """
    return frame(creator_id, DAILY_ACTIVE_USERS, dates=DATES, days=period.days)


@cached_query
def daily_total_students(creator_id: UUID, period: Period) -> pd.DataFrame:
    """Students enrolled by the end of each day, of those who are enrolled now.

    One row per local day of two periods: activity_date, shown_at, window, total_students.
    """
    return frame(creator_id, DAILY_TOTAL_STUDENTS, dates=DATES, days=period.days)


@cached_query
def daily_completion(creator_id: UUID, period: Period) -> pd.DataFrame:
    """Watched shares of the videos that students last watched on each day.

    One row per local day of two periods: activity_date, shown_at, window, watched_share_sum
    (percent), videos_watched (student-video pairs whose share is known).
    """
    return frame(creator_id, DAILY_COMPLETION, dates=DATES, days=period.days)


@cached_query
def daily_satisfaction(creator_id: UUID, period: Period) -> pd.DataFrame:
    """Ratings of the questions asked on each day.

    One row per local day of two periods: activity_date, shown_at, window, rating_sum (each 0 to
    1), ratings (how many).
    """
    return frame(creator_id, DAILY_SATISFACTION, dates=DATES, days=period.days)


@cached_query
def active_in_period(creator_id: UUID, period: Period) -> ActiveInPeriod:
    """Students with a sign of life in the period, and how many were seen on its days and before."""
    return ActiveInPeriod(**one_row(creator_id, ACTIVE_IN_PERIOD, days=period.days))


@cached_query
def peak_hours(creator_id: UUID, period: Period) -> pd.DataFrame:
    """Signs of life per local hour of the day: 24 rows of hour (0 to 23), signs_of_life."""
    return frame(creator_id, PEAK_HOURS, days=period.days)


@cached_query
def average_session_minutes(creator_id: UUID, period: Period) -> float | None:
    """The mean length of a session in minutes; None without sessions."""
    minutes: float | None = one_row(creator_id, AVERAGE_SESSION, days=period.days)["session_minutes"]
    return minutes
