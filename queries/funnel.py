"""How far students get in the course, and where they stop."""

from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import frame, records, with_floats
from queries.caching import cached_query

MOST_STUDENTS_TO_CALL_CHANCE = 4  # a drop from fewer than five students says nothing
SILENT_DAYS = 3  # whoever was here within three days is on the way, not stuck

COURSE = """
    course as (
        select
            id as video_id,
            title,
            row_number() over (order by position, created_at, id) as place
        from videos
        where
            creator_id = :creator_id
            and status = 'completed'
            and deleted_at is null
    ),

    furthest_found as (
        -- Twice the place, plus one if it was completed: the largest tells how far, and whether to the end.
        select
            video_progress.student_id,
            max(2 * course.place + video_progress.completed::integer) as furthest
        from video_progress
        join course on course.video_id = video_progress.video_id
        where video_progress.creator_id = :creator_id
        group by video_progress.student_id
    ),

    students_placed as (
        select
            students.id as student_id,
            students.name,
            furthest_found.furthest / 2 as place,
            furthest_found.furthest % 2 = 0
            and student_activity.last_active < dashboard_now() - :silent_days * interval '24 hours' as is_stuck,
            student_activity.last_active
        from furthest_found
        join students
            on students.creator_id = :creator_id
            and students.id = furthest_found.student_id
        join student_activity
            on student_activity.creator_id = :creator_id
            and student_activity.student_id = furthest_found.student_id
        where students.deleted_at is null
    )
"""

FUNNEL = f"""
    -- One row per published video, in course order.
    with {COURSE},

    students_counted as (
        select
            place,
            count(*) as students,
            count(*) filter (where is_stuck) as stuck
        from students_placed
        group by place
    )

    select
        course.place,
        course.video_id,
        course.title,
        coalesce(sum(students_counted.students) over (order by course.place desc), 0)::bigint as reached,
        coalesce(video_analytics.unique_viewers, 0) as started,
        coalesce(video_analytics.completions, 0) as completed,
        coalesce(students_counted.stuck, 0) as stuck
    from course
    left join students_counted on students_counted.place = course.place
    left join video_analytics
        on video_analytics.creator_id = :creator_id
        and video_analytics.video_id = course.video_id
    order by course.place
"""

STUCK_STUDENTS = f"""
    -- One row per student who is stuck at the video, longest silent first.
    with {COURSE}

    select
        students_placed.student_id,
        students_placed.name,
        students_placed.last_active,
        extract(epoch from dashboard_now() - students_placed.last_active) / 86400 as silent_days,
        video_progress.watch_percentage as watched_percent
    from students_placed
    join course on course.place = students_placed.place
    join video_progress
        on video_progress.creator_id = :creator_id
        and video_progress.student_id = students_placed.student_id
        and video_progress.video_id = course.video_id
    where
        students_placed.is_stuck
        and course.video_id = :video_id
    order by
        students_placed.last_active,
        students_placed.student_id
"""


@dataclass(frozen=True)
class Drop:
    """Two neighbouring videos, and how many of the students who reached the first never got to the second."""

    place: int
    video_id: UUID
    title: str
    next_title: str
    reached: int
    lost: int

    @property
    def lost_percent(self) -> float:
        return 100 * self.lost / self.reached


@cached_query
def funnel(creator_id: UUID) -> pd.DataFrame:
    """How many students reached each published video or a later one.

    One row per video in course order: place (1, 2, …), video_id, title, reached, started,
    completed, stuck (started it, did not complete it, started no later one, silent for over
    three days); students who left the course are not counted.
    """
    return frame(creator_id, FUNNEL, silent_days=SILENT_DAYS)


@cached_query
def stuck_students(creator_id: UUID, video_id: UUID) -> pd.DataFrame:
    """Who is stuck at a video, longest silent first.

    One row per student: student_id, name, last_active, silent_days, watched_percent (NaN where
    the platform does not tell). Empty for a video that is not the creator's.
    """
    students = frame(creator_id, STUCK_STUDENTS, dates=["last_active"], video_id=video_id, silent_days=SILENT_DAYS)
    return with_floats(students, ["silent_days", "watched_percent"])


def steepest_drop(steps: pd.DataFrame) -> Drop | None:
    """The neighbours with the largest loss, relative to those who reached the first; the earliest on ties.

    Takes the frame of `funnel`. None where fewer than five students reached any, or nobody stopped.
    """
    drops = [drop for drop in _drops(steps) if drop.reached > MOST_STUDENTS_TO_CALL_CHANCE and drop.lost]
    return max(drops, key=lambda drop: drop.lost_percent, default=None)


def most_stuck(steps: pd.DataFrame) -> dict[str, Any] | None:
    """The row of `funnel` with most stuck students, the earliest on ties; None where nobody is stuck."""
    return max((row for row in records(steps) if row["stuck"]), key=itemgetter("stuck"), default=None)


def _drops(steps: pd.DataFrame) -> list[Drop]:
    return [
        Drop(
            place=here["place"],
            video_id=here["video_id"],
            title=here["title"],
            next_title=following["title"],
            reached=here["reached"],
            lost=here["reached"] - following["reached"],
        )
        for here, following in pairwise(records(steps))
    ]
