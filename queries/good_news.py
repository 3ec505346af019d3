"""What went well in a period: who came back after a long silence, who finished the course."""

from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query
from queries.periods import Period
from queries.shown import SHOWN, day_start
from queries.student_signals import LONG_SILENCE_DAYS, SILENCE_BOUNDS

RETURNED_STUDENTS = f"""
    -- One row per student who came back in the period after a long silence, longest silence first.
    with {SHOWN},

    bounds as materialized (
        select
            creator_id,
            generation,
            timezone,
            instant,
            today,
            today - (:days - 1) as first_day
        from shown
    ),

    returns_dated as materialized (
        -- The running day counts once somebody was seen by now.
        select
            student_days.creator_id,
            student_days.student_id,
            student_days.day as return_date,
            student_days.gap_days,
            student_totals.seen_days,
            student_totals.first_at,
            student_totals.last_at
        from bounds
        join student_days
            on
                student_days.creator_id = bounds.creator_id
                and student_days.generation = bounds.generation
                and student_days.course = 0
                and student_days.run = 0
                and student_days.day between bounds.first_day and bounds.today
                and student_days.gap_days > :long_silence_days
        join student_totals
            on
                student_totals.creator_id = student_days.creator_id
                and student_totals.generation = student_days.generation
                and student_totals.course = 0
                and student_totals.run = 0
                and student_totals.student_id = student_days.student_id
        where student_days.first_at <= bounds.instant
    ),

    -- The usual gap is the mean of the other ones, which the days seen, and the first and last of them, leave.
    returns_measured as (
        select
            returns_dated.creator_id,
            returns_dated.student_id,
            returns_dated.return_date,
            returns_dated.gap_days,
            days_known.seen_days - 1 as gaps,
            days_known.last_day - (returns_dated.first_at at time zone bounds.timezone)::date as days_between
        from bounds
        join returns_dated on returns_dated.creator_id = bounds.creator_id
        cross join lateral (
            select
                returns_dated.seen_days,
                (returns_dated.last_at at time zone bounds.timezone)::date as last_day
            where returns_dated.last_at <= bounds.instant
            union all
            select
                count(*),
                max(student_days.day)
            from student_days
            where
                student_days.creator_id = returns_dated.creator_id
                and student_days.generation = bounds.generation
                and student_days.course = 0
                and student_days.run = 0
                and student_days.student_id = returns_dated.student_id
                and student_days.first_at <= bounds.instant
            having returns_dated.last_at > bounds.instant
        ) as days_known
    ),

    last_returns as (
        select distinct on (student_id)
            creator_id,
            student_id,
            return_date,
            gap_days
        from returns_measured
        where
            gap_days > :silence_days
            and gap_days > :silence_factor * (days_between - gap_days)::numeric / nullif(gaps - 1, 0)
        order by
            student_id asc,
            return_date desc
    )

    select
        students.id as student_id,
        students.name,
        last_returns.return_date,
        last_returns.gap_days
    from last_returns
    join students
        on
            students.creator_id = last_returns.creator_id
            and students.id = last_returns.student_id
    where students.deleted_at is null
    order by
        last_returns.gap_days desc,
        students.id asc
"""

FINISHED_STUDENTS = f"""
    -- One row per student who finished, and watched the last of the videos in the period; latest first.
    with {SHOWN},

    bounds as materialized (
        select
            creator_id,
            generation,
            instant,
            {day_start("shown.today - (:days - 1)")} as period_start
        from shown
    ),

    students_finished as materialized (
        select
            creator_id,
            student_id,
            name,
            published_videos
        from student_engagement_tiers
        where
            creator_id = :creator_id
            and generation = (select generation from bounds)
            and last_at >= (select period_start from bounds)
            and is_finished
    )

    select
        students_finished.student_id,
        students_finished.name,
        students_finished.published_videos,
        last_completed.finished_at
    from bounds
    join students_finished on students_finished.creator_id = bounds.creator_id
    cross join lateral (
        select max(watched_videos.last_at) as finished_at
        from watched_videos
        where
            watched_videos.creator_id = students_finished.creator_id
            and watched_videos.generation = bounds.generation
            and watched_videos.course = 0
            and watched_videos.run = 0
            and watched_videos.student_id = students_finished.student_id
            and watched_videos.is_completed
            and watched_videos.is_published
    ) as last_completed
    where last_completed.finished_at between bounds.period_start and bounds.instant
    order by
        last_completed.finished_at desc,
        students_finished.student_id asc
"""


@cached_query
def returned_students(creator_id: UUID, period: Period) -> pd.DataFrame:
    """Who came back on a local day of the period after over 14 days of silence (the signal `came_back`).

    One row per student, longest silence first: student_id, name, return_date, gap_days.
    """
    return frame(
        creator_id,
        RETURNED_STUDENTS,
        dates=["return_date"],
        days=period.days,
        long_silence_days=LONG_SILENCE_DAYS,
        **SILENCE_BOUNDS,
    )


@cached_query
def finished_students(creator_id: UUID, period: Period) -> pd.DataFrame:
    """Who completed every published video, the last of them watched on a local day of the period.

    One row per student, latest first: student_id, name, published_videos, finished_at. Whoever watches
    a video again is among them again.
    """
    return frame(creator_id, FINISHED_STUDENTS, dates=["finished_at"], days=period.days)
