"""A student's history: progress, watching, and the timeline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame
from database.statements import sql
from queries.cache.caching import cached_query
from queries.students.signals import SILENCE_BOUNDS

WATCHED_SHOWN = 8  # videos to a page
EVENTS_SHOWN = 20  # events to a page

COURSE = sql("queries/students/course_progress")
WATCH_HISTORY = sql("queries/students/watch_history")
WATCHED_RANGES = sql("queries/students/watched_ranges")
TIMELINE = sql("queries/students/timeline")


@dataclass(frozen=True)
class Page:
    """Some rows of a longer list, in order, and its total length."""

    rows: pd.DataFrame
    total: int


@dataclass(frozen=True, slots=True)
class CourseVideoRow:
    """One row per published video: how far a student is in it."""

    video_id: UUID
    title: str
    duration_seconds: int | None
    place: int  # in the course, from 1
    state: str  # completed, started or not_started
    last_watched: datetime | None
    stopped_at_second: int | None


@dataclass(frozen=True, slots=True)
class WatchedVideoRow:
    """One row per video that a student started."""

    video_id: UUID
    title: str
    duration_seconds: int | None
    first_watched: datetime
    last_watched: datetime
    completed: bool
    watched_percent: float | None  # from the platform; None: unknown
    furthest_second: int | None  # in the file in force; None: no playback
    stopped_at_second: int | None


@dataclass(frozen=True, slots=True)
class EventRow:
    """One row per event in a student's history; fields that do not apply to a kind are None."""

    occurred_at: datetime
    kind: str  # enrolled, first_video, completed, passed, failed, asked, silence or came_back
    subject: str | None  # a title, a question
    video_id: UUID | None
    quiz_id: UUID | None
    days: int | None  # of the time away
    score_percent: float | None
    attempt_number: int | None


@cached_query
def course_progress(creator_id: UUID, student_id: UUID) -> Annotated[pd.DataFrame, CourseVideoRow]:
    """The student's progress in the course: every published video, in order.

    `stopped_at_second` is the end of the last stretch played before the credits, for a video that was not
    completed; None: there is none, or it is unknown.
    """
    return frame(creator_id, COURSE, dates=["last_watched"], student_id=student_id)


@cached_query
def watch_history(
    creator_id: UUID, student_id: UUID, offset: int = 0, limit: int = WATCHED_SHOWN
) -> Annotated[Page, WatchedVideoRow]:
    """The videos that the student started and that are not deleted, last watched first.

    `stopped_at_second` as in `course_progress`.
    """
    return _page(creator_id, WATCH_HISTORY, ["first_watched", "last_watched"], student_id, offset, limit)


@cached_query
def watched_ranges(creator_id: UUID, student_id: UUID, video_ids: tuple[UUID, ...]) -> pd.DataFrame:
    """The seconds of these videos that the student played, and how often.

    One row per stretch, by video and second: video_id, start_second, end_second (not included),
    plays (1 or more). Stretches of one video do not overlap; neighbours differ in plays.
    """
    return frame(creator_id, WATCHED_RANGES, student_id=student_id, video_ids=[str(each) for each in video_ids])


@cached_query
def timeline(
    creator_id: UUID, student_id: UUID, offset: int = 0, limit: int = EVENTS_SHOWN
) -> Annotated[Page, EventRow]:
    """What happened, newest first.

    A video counts as completed when its furthest second was first played or, without playback, when it was last
    watched.
    """
    return _page(creator_id, TIMELINE, ["occurred_at"], student_id, offset, limit, **SILENCE_BOUNDS)


def _page(
    creator_id: UUID, statement: str, dates: list[str], student_id: UUID, offset: int, limit: int, **bounds: object
) -> Page:
    def rows_from(first: int) -> pd.DataFrame:
        return frame(creator_id, statement, dates=dates, student_id=student_id, limit=limit, offset=first, **bounds)

    rows = rows_from(offset)
    if rows.empty and offset:
        rows = rows_from(0)
    total = 0 if rows.empty else int(rows["total"].iloc[0])
    return Page(rows=rows.drop(columns="total"), total=total)
