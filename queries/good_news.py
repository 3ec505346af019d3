"""What went well in a period: who came back after a long silence, who finished the course."""

from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query
from queries.periods import Period
from queries.student_signals import LONG_SILENCE_DAYS, SILENCE_BOUNDS, SILENCES_FOUND

RETURNED_STUDENTS = f"""
    -- One row per student who came back in the period after a long silence, longest silence first.
    with {SILENCES_FOUND.format(of_whom="true")},

    clock as (
        select (dashboard_now() at time zone timezone)::date as today
        from creators
        where id = :creator_id
    ),

    last_returns as (
        select distinct on (silences_found.student_id) silences_found.*
        from silences_found
        cross join clock
        where
            silences_found.gap_days > :long_silence_days
            and silences_found.return_date > clock.today - :days
            and silences_found.return_date <= clock.today
        order by
            silences_found.student_id asc,
            silences_found.return_date desc
    )

    select
        students.id as student_id,
        students.name,
        last_returns.return_date,
        last_returns.gap_days
    from last_returns
    join students
        on students.creator_id = :creator_id
        and students.id = last_returns.student_id
    where students.deleted_at is null
    order by
        last_returns.gap_days desc,
        students.id asc
"""

FINISHED_STUDENTS = """
    -- One row per student who finished, and watched the last of the videos in the period; latest first.
    with clock as (
        select
            timezone,
            (dashboard_now() at time zone timezone)::date as today
        from creators
        where id = :creator_id
    ),

    last_completed as (
        select
            student_id,
            max(last_watched) as finished_at
        from started_videos
        where
            creator_id = :creator_id
            and completed
            and is_published
        group by student_id
    )

    select
        student_engagement_tiers.student_id,
        student_engagement_tiers.name,
        student_engagement_tiers.published_videos,
        last_completed.finished_at
    from student_engagement_tiers
    join last_completed on last_completed.student_id = student_engagement_tiers.student_id
    cross join clock
    where
        student_engagement_tiers.creator_id = :creator_id
        and student_engagement_tiers.is_finished
        and (last_completed.finished_at at time zone clock.timezone)::date > clock.today - :days
        and last_completed.finished_at <= dashboard_now()
    order by
        last_completed.finished_at desc,
        student_engagement_tiers.student_id asc
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
