"""When students are there, and how the period compares with the one before it."""

from dataclasses import dataclass
from uuid import UUID

import pandas as pd

from database.frames import frame, one_row
from queries.caching import cached_query
from queries.changes import change_percent
from queries.periods import Period
from queries.shown import CALENDAR, RUNNING_DAY, SHOWN, STUDENTS_BEFORE, STUDENTS_SEEN, day_start

# Every daily query begins with the days of this period and of the one before it, and lists them oldest first.
DAILY_ACTIVE_USERS = f"""
    -- One row per local day of this period and of the one before it.
    with {SHOWN},

    {CALENDAR},

    {RUNNING_DAY},

    running_day_counted as (
        -- How long those who stayed on had watched by then is not known: as much as they had done of that day.
        select
            creator_id,
            day,
            count(*) filter (where place = 1) as students,
            sum(activities) as activities,
            sum(watched_seconds * activities / activities_of_day::numeric) as watched_seconds
        from running_day
        group by
            creator_id,
            day
    ),

    running_day_videos as (
        select
            running_day.creator_id,
            running_day.day,
            count(distinct watched.video_id) as videos
        from running_day
        cross join lateral unnest(running_day.video_ids) as watched (video_id)
        where running_day.place = 1
        group by
            running_day.creator_id,
            running_day.day
    ),

    calendar_counted as (
        select
            calendar.day,
            calendar.shown_at,
            calendar."window",
            shown.is_behind and calendar.day = shown.today as is_running,
            days.students,
            days.activities,
            days.videos,
            days.watched_seconds,
            running_day_counted.students as students_until_now,
            running_day_counted.activities as activities_until_now,
            running_day_videos.videos as videos_until_now,
            running_day_counted.watched_seconds as watched_seconds_until_now
        from calendar
        join shown on shown.creator_id = calendar.creator_id
        left join days
            on
                days.creator_id = calendar.creator_id
                and days.generation = calendar.generation
                and days.course = 0
                and days.run = 0
                and days.day = calendar.day
        left join running_day_counted
            on
                running_day_counted.creator_id = calendar.creator_id
                and running_day_counted.day = calendar.day
        left join running_day_videos
            on
                running_day_videos.creator_id = calendar.creator_id
                and running_day_videos.day = calendar.day
    )

    select
        day as activity_date,
        shown_at,
        "window",
        coalesce(case when is_running then students_until_now else students end, 0)::bigint as active_students,
        coalesce(case when is_running then activities_until_now else activities end, 0)::bigint as signs_of_life,
        coalesce(case when is_running then videos_until_now else videos end, 0)::bigint as videos_watched,
        coalesce(case when is_running then watched_seconds_until_now else watched_seconds end, 0) / 60.0
        as watched_minutes
    from calendar_counted
    order by day
"""

DAILY_TOTAL_STUDENTS = f"""
    -- One row per local day of this period and of the one before it.
    with {SHOWN},

    {CALENDAR},

    enrolments_counted as (
        -- Everyone from before the first day stands on the first day, so that a running sum is the total.
        select
            days.creator_id,
            greatest(days.day, shown.today - (2 * :days - 1)) as day,
            sum(days.enrolments) as enrolments
        from shown
        join days
            on
                days.creator_id = shown.creator_id
                and days.generation = shown.generation
                and days.course = 0
                and days.run = 0
                and days.day <= shown.today
        group by
            days.creator_id,
            greatest(days.day, shown.today - (2 * :days - 1))
    )

    select
        calendar.day as activity_date,
        calendar.shown_at,
        calendar."window",
        coalesce(sum(enrolments_counted.enrolments) over (order by calendar.day), 0)::bigint as total_students
    from calendar
    left join enrolments_counted
        on
            enrolments_counted.creator_id = calendar.creator_id
            and enrolments_counted.day = calendar.day
    order by calendar.day
"""

# The bounds of the clock's own day, to compare instants with.
TODAY = f"""
    bounds as materialized (
        select
            shown.creator_id,
            shown.generation,
            shown.today,
            {day_start("shown.today")} as day_start,
            shown.instant,
            shown.is_behind
        from shown
    )
"""

DAILY_COMPLETION = f"""
    -- One row per local day of this period and of the one before it.
    with {SHOWN},

    {CALENDAR},

    {TODAY},

    running_pairs as (
        -- A student and a video once, with the best of its files, as the sums count them.
        select
            watched_videos.creator_id,
            max(watched_videos.share_hundredths) as share_hundredths
        from bounds
        join student_days
            on
                student_days.creator_id = bounds.creator_id
                and student_days.generation = bounds.generation
                and student_days.course = 0
                and student_days.run = 0
                and student_days.day = bounds.today
        join watched_videos
            on
                watched_videos.creator_id = student_days.creator_id
                and watched_videos.generation = student_days.generation
                and watched_videos.course = 0
                and watched_videos.run = 0
                and watched_videos.student_id = student_days.student_id
        where bounds.is_behind
        group by
            watched_videos.creator_id,
            watched_videos.student_id,
            watched_videos.video_id,
            bounds.day_start,
            bounds.instant
        having max(watched_videos.last_at) between bounds.day_start and bounds.instant
    ),

    shares_counted as (
        select
            days.creator_id,
            days.day,
            days.share_sum,
            days.share_count
        from bounds
        join days
            on
                days.creator_id = bounds.creator_id
                and days.generation = bounds.generation
                and days.course = 0
                and days.run = 0
                and not (bounds.is_behind and days.day = bounds.today)
        union all
        select
            bounds.creator_id,
            bounds.today,
            sum(running_pairs.share_hundredths),
            count(running_pairs.share_hundredths)
        from bounds
        join running_pairs on running_pairs.creator_id = bounds.creator_id
        group by
            bounds.creator_id,
            bounds.today
    )

    select
        calendar.day as activity_date,
        calendar.shown_at,
        calendar."window",
        coalesce(shares_counted.share_sum, 0) / 100.0 as watched_share_sum,
        coalesce(shares_counted.share_count, 0) as videos_watched
    from calendar
    left join shares_counted
        on
            shares_counted.creator_id = calendar.creator_id
            and shares_counted.day = calendar.day
    order by calendar.day
"""

DAILY_SATISFACTION = f"""
    -- One row per local day of this period and of the one before it.
    with {SHOWN},

    {CALENDAR},

    {TODAY},

    ratings_counted as (
        select
            days.creator_id,
            days.day,
            days.rating_sum,
            days.rating_count
        from bounds
        join days
            on
                days.creator_id = bounds.creator_id
                and days.generation = bounds.generation
                and days.course = 0
                and days.run = 0
                and not (bounds.is_behind and days.day = bounds.today)
        union all
        select
            bounds.creator_id,
            bounds.today,
            sum(asked_questions.rating_hundredths),
            count(asked_questions.rating_hundredths)
        from bounds
        join asked_questions
            on
                asked_questions.creator_id = bounds.creator_id
                and asked_questions.generation = bounds.generation
                and asked_questions.course = 0
                and asked_questions.run = 0
                and asked_questions.asked_at between bounds.day_start and bounds.instant
        where bounds.is_behind
        group by
            bounds.creator_id,
            bounds.today
    )

    select
        calendar.day as activity_date,
        calendar.shown_at,
        calendar."window",
        coalesce(ratings_counted.rating_sum, 0) / 100.0 as rating_sum,
        coalesce(ratings_counted.rating_count, 0) as ratings
    from calendar
    left join ratings_counted
        on
            ratings_counted.creator_id = calendar.creator_id
            and ratings_counted.day = calendar.day
    order by calendar.day
"""

ACTIVE_IN_PERIOD = f"""
    -- One row: students active in the period, and seen on its days and on those of the one before.
    with {SHOWN},

    bounds as materialized (
        select
            shown.creator_id,
            shown.generation,
            shown.instant,
            shown.today,
            shown.instant - :days * interval '24 hours' as seen_since,
            -- Begins after seen_since: today is not over.
            {day_start("shown.today - (:days - 1)")} as first_day_start,
            shown.today - (2 * :days - 1) as first_day_before,
            shown.today - :days as last_day_before
        from shown
    ),

    {STUDENTS_SEEN},

    {STUDENTS_BEFORE}

    select
        count(*) filter (where seen_at >= (select seen_since from bounds)) as active_students,
        count(*) filter (where seen_at >= (select first_day_start from bounds)) as seen_this_period,
        (select students from students_before) as seen_period_before
    from students_seen
"""

PEAK_HOURS = f"""
    -- One row per hour of the day.
    with {SHOWN},

    {RUNNING_DAY},

    hours_added as (
        select
            day_hours.hour,
            sum(day_hours.activities) as activities
        from shown
        join day_hours
            on
                day_hours.creator_id = shown.creator_id
                and day_hours.generation = shown.generation
                and day_hours.course = 0
                and day_hours.run = 0
                and day_hours.day between shown.today - (:days - 1) and shown.today
                and not (shown.is_behind and day_hours.day = shown.today)
        group by day_hours.hour
        union all
        select
            extract(hour from (running_day.began_at at time zone shown.timezone))::smallint as hour,
            running_day.activities
        from running_day
        join shown on shown.creator_id = running_day.creator_id
    )

    select
        hours.hour,
        coalesce(sum(hours_added.activities), 0)::bigint as signs_of_life
    from generate_series(0, 23) as hours (hour)
    left join hours_added on hours_added.hour = hours.hour
    group by hours.hour
    order by hours.hour
"""

AVERAGE_SESSION = f"""
    -- One row: the mean length of visits that began on a local day of the period.
    with {SHOWN},

    visits_counted as (
        select
            sum(days.visits) as visits,
            sum(days.visit_seconds) as seconds
        from shown
        join days
            on
                days.creator_id = shown.creator_id
                and days.generation = shown.generation
                and days.course = 0
                and days.run = 0
                and days.day between shown.today - (:days - 1) and shown.today
                and not (shown.is_behind and days.day = shown.today)
        union all
        select
            count(*) as visits,
            sum(extract(epoch from least(visits.ended_at, shown.instant) - visits.started_at)) as seconds
        from shown
        join visits
            on
                visits.creator_id = shown.creator_id
                and visits.generation = shown.generation
                and visits.course = 0
                and visits.run = 0
                and visits.started_at between {day_start("shown.today")} and shown.instant
        where shown.is_behind
    )

    select sum(seconds)::double precision / nullif(sum(visits), 0)::double precision / 60 as session_minutes
    from visits_counted
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
    """Students with an activity, per day of the period and of the one before it.

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
    """Students with an activity in the period, and how many were seen on its days and before."""
    return ActiveInPeriod(**one_row(creator_id, ACTIVE_IN_PERIOD, days=period.days))


@cached_query
def peak_hours(creator_id: UUID, period: Period) -> pd.DataFrame:
    """Activities per local hour of the day: 24 rows of hour (0 to 23), signs_of_life."""
    return frame(creator_id, PEAK_HOURS, days=period.days)


@cached_query
def average_session_minutes(creator_id: UUID, period: Period) -> float | None:
    """The mean length of a visit in minutes; None without visits."""
    minutes: float | None = one_row(creator_id, AVERAGE_SESSION, days=period.days)["session_minutes"]
    return minutes
