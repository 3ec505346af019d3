"""What went well in a period: who came back after a long time away, who finished the course."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame
from database.statements import sql
from queries.cache.caching import cached_query
from queries.periods.period import Period
from queries.students.signals import LONG_SILENCE_DAYS, SILENCE_BOUNDS

RETURNED_STUDENTS = sql("queries/overview/returned_students")
FINISHED_STUDENTS = sql("queries/overview/finished_students")


@dataclass(frozen=True, slots=True)
class FinishedRow:
    """One row per student who finished."""

    student_id: UUID
    name: str
    published_videos: int
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """One row per student who came back after a long time away."""

    student_id: UUID
    name: str
    return_date: datetime  # the local day
    gap_days: int


@cached_query
def returned_students(creator_id: UUID, period: Period) -> Annotated[pd.DataFrame, ReturnedRow]:
    """Students who came back on a local day of the period after over 14 days away (the signal `came_back`).

    Longest away first.
    """
    return frame(
        creator_id,
        RETURNED_STUDENTS,
        dates=["return_date"],
        **period.parameters,
        long_silence_days=LONG_SILENCE_DAYS,
        **SILENCE_BOUNDS,
    )


@cached_query
def finished_students(creator_id: UUID, period: Period) -> Annotated[pd.DataFrame, FinishedRow]:
    """Students who completed every published video, the last of them watched on a local day of the period.

    Latest first. Students who watch a video again are included again.
    """
    return frame(creator_id, FINISHED_STUDENTS, dates=["finished_at"], **period.parameters)
