"""How far students get in a course, and where they stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame, records, with_floats
from database.levels import EVERYTHING, Level, at_level, level
from database.statements import sql
from queries.cache.caching import cached_query
from queries.courses.contents import course_contents
from queries.courses.known import is_of_a_course, several_courses
from queries.courses.names import course_name
from queries.courses.several_levels import asked_of, rows_of_levels
from queries.videos.editions import OF_VIDEOS
from rules.limits import LEAST_REACHED, STUCK_DAYS

FUNNEL = sql("queries/courses/funnel")
STEEPEST_DROPS = sql("queries/courses/steepest_drops")
STUCK_STUDENTS = sql("queries/courses/stuck_students")


@dataclass(frozen=True)
class Drop:
    """Two neighbouring videos, and how many students who reached the first never got to the second."""

    place: int
    video_id: UUID
    title: str
    next_title: str
    reached: int
    lost: int

    @property
    def lost_percent(self) -> float:
        return 100 * self.lost / self.reached


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One row per published video; students who left the course are not counted."""

    place: int  # in the course, from 1
    video_id: UUID
    title: str
    reached: int  # it or a later one
    started: int
    completed: int
    stuck: int  # started it, did not complete it, started no later one, and have been away for over three days
    course_title: str  # empty: of one course


@dataclass(frozen=True, slots=True)
class StuckStudentRow:
    """One row per student who is stuck at a video."""

    student_id: UUID
    name: str
    email: str | None
    last_active: datetime
    silent_days: float
    watched_percent: float | None  # None: the platform does not report it


@cached_query
def funnel(creator_id: UUID) -> Annotated[pd.DataFrame, FunnelRow]:
    """How many students reached each published video or a later one.

    In course order; over several courses those of each, one after the other, for the students enrolled in it, without
    closed ones.
    """
    open_courses = [] if is_of_a_course() else several_courses(creator_id)
    levels = [of for _, of in open_courses] or [level()]
    titles = {of.course: course_name(course) for course, of in open_courses}
    with at_level(EVERYTHING):
        every = frame(creator_id, FUNNEL, **asked_of(levels), silent_days=STUCK_DAYS)
    of_courses = every.pop("course")
    if not titles:
        return every.assign(course_title="")
    return every.assign(course_title=of_courses.map(titles), place=range(1, len(every) + 1))


@dataclass(frozen=True, slots=True)
class SteepestDropRow:
    """One row per level where enough students stopped."""

    course: int
    run: int
    place: int
    video_id: UUID
    title: str
    next_title: str
    reached: int
    lost: int


def steepest_drops(creator_id: UUID, levels: Sequence[Level]) -> dict[tuple[int, int], Drop]:
    """The `steepest_drop` of each level's funnel, by the numbers of course and run."""
    enough = {"silent_days": STUCK_DAYS, "least_reached": LEAST_REACHED}
    return {
        (row.course, row.run): Drop(row.place, row.video_id, row.title, row.next_title, row.reached, row.lost)
        for row in rows_of_levels(creator_id, STEEPEST_DROPS, levels, SteepestDropRow, **enough)
    }


@cached_query
def stuck_students(creator_id: UUID, video_id: UUID) -> Annotated[pd.DataFrame, StuckStudentRow]:
    """Who is stuck at a video, longest away first.

    Empty for a video that is not the creator's.
    """
    with at_level(_level_of_video(creator_id, video_id)):
        students = frame(
            creator_id, STUCK_STUDENTS, ["last_active"], video_id=video_id, silent_days=STUCK_DAYS, **OF_VIDEOS
        )
    return with_floats(students, ["silent_days", "watched_percent"])


def _level_of_video(creator_id: UUID, video_id: UUID) -> Level:
    """The level of its course if all courses are shown; otherwise the current level."""
    if is_of_a_course():
        return level()
    contents = course_contents.fresh(creator_id)
    course_ids = set(contents.loc[contents["id"] == video_id, "course_id"])
    levels = (of for course, of in several_courses(creator_id) if course.course_id in course_ids)
    return next(levels, level())


def steepest_drop(steps: pd.DataFrame) -> Drop | None:
    """The neighbouring videos with the largest loss, relative to those who reached the first; the earliest on ties.

    Takes the frame of `funnel`. None if fewer than five students reached any, or nobody stopped.
    """
    drops = [drop for drop in _drops(steps) if drop.reached >= LEAST_REACHED and drop.lost]
    return max(drops, key=lambda drop: drop.lost_percent, default=None)


def most_stuck(steps: pd.DataFrame) -> FunnelRow | None:
    """The row of `funnel` with most stuck students, the earliest on ties; None if nobody is stuck."""
    return max((row for row in records(steps, FunnelRow) if row.stuck), key=lambda row: row.stuck, default=None)


def _drops(steps: pd.DataFrame) -> list[Drop]:
    return [
        Drop(
            place=here.place,
            video_id=here.video_id,
            title=here.title,
            next_title=following.title,
            reached=here.reached,
            lost=here.reached - following.reached,
        )
        for here, following in pairwise(records(steps, FunnelRow))
        if here.course_title == following.course_title
    ]
