"""How far students get in the course, and where they stop."""

from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import frame, records, with_floats
from queries.caching import cached_query
from queries.video_editions import ALL_VIDEOS, ONE_VIDEO

MOST_STUDENTS_TO_CALL_CHANCE = 4  # a drop from fewer than five students says nothing
SILENT_DAYS = 3  # whoever was here within three days is on the way, not stuck

FUNNEL = f"""
    -- One row per published video, in course order.
    with {ALL_VIDEOS},

    course as (
        select
            all_videos.creator_id,
            all_videos.video_id,
            all_videos.unique_viewers,
            all_videos.completions,
            videos.title,
            row_number() over (order by videos.position, videos.created_at, videos.id) as place
        from all_videos
        join videos
            on
                videos.creator_id = all_videos.creator_id
                and videos.id = all_videos.video_id
        where all_videos.status = 'completed'
    ),

    students_counted as (
        select
            creator_id,
            furthest_video,
            count(*) as students,
            count(*) filter (
                where
                not furthest_completed
                and last_active < (select dashboard_now() - :silent_days * interval '24 hours')
            ) as stuck
        from shown_student_totals
        where
            creator_id = :creator_id
            and furthest_video is not null
        group by
            creator_id,
            furthest_video
    )

    select
        course.place,
        course.video_id,
        course.title,
        coalesce(sum(students_counted.students) over (order by course.place desc), 0)::bigint as reached,
        course.unique_viewers as started,
        course.completions as completed,
        coalesce(students_counted.stuck, 0) as stuck
    from course
    left join students_counted
        on
            students_counted.creator_id = course.creator_id
            and students_counted.furthest_video = course.video_id
    order by course.place
"""

STUCK_STUDENTS = f"""
    -- One row per student who is stuck at the video, longest silent first.
    with {ONE_VIDEO},

    students_placed as (
        select
            creator_id,
            generation,
            student_id,
            furthest_video,
            last_active
        from shown_student_totals
        where
            creator_id = :creator_id
            and furthest_video = :video_id
            and not furthest_completed
    )

    select
        students_placed.student_id,
        students.name,
        students_placed.last_active,
        extract(epoch from dashboard_now() - students_placed.last_active) / 86400 as silent_days,
        coalesce(
            video_progress.watch_percentage,
            -- Not the mean of the video's curve, which says nothing about one student.
            case
                when watched_videos.ranges is not null and videos_shown.length_seconds is not null
                    then watched_videos.share_hundredths / 100.0
            end
        ) as watched_percent
    from students_placed
    join videos_shown
        on
            videos_shown.creator_id = students_placed.creator_id
            and videos_shown.video_id = students_placed.furthest_video
    join students
        on
            students.creator_id = students_placed.creator_id
            and students.id = students_placed.student_id
    left join watched_videos
        on
            watched_videos.creator_id = students_placed.creator_id
            and watched_videos.generation = students_placed.generation
            and watched_videos.course = 0
            and watched_videos.run = 0
            and watched_videos.student_id = students_placed.student_id
            and watched_videos.video_id = students_placed.furthest_video
            and watched_videos.edition = videos_shown.edition
    left join video_progress
        on
            video_progress.creator_id = students_placed.creator_id
            and video_progress.student_id = students_placed.student_id
            and video_progress.video_id = students_placed.furthest_video
    where
        videos_shown.status = 'completed'
        and students_placed.last_active < dashboard_now() - :silent_days * interval '24 hours'
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
