"""Runs of courses, day by day since their start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pandas as pd

from database.frames import frame, with_floats
from database.levels import EVERYTHING, Level, at_level
from database.statements import sql
from queries.courses.several_levels import asked_of

DAYS_OF_RUNS = sql("queries/courses/days_of_runs")

SHARES = ["active_share_percent", "finished_share_percent"]


@dataclass(frozen=True)
class RunOfLevel:
    """The level of a run, and its start and end; None: since the first enrolment, until now."""

    level: Level
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def days_of_runs(creator_id: UUID, runs: Sequence[RunOfLevel]) -> pd.DataFrame:
    """The days of these runs, whatever the current level.

    One row per run and local day: place (0 is the first of `runs`), day (1 is its first), active_students and both
    shares, as in `queries.courses.figures.runs_by_day`.
    """
    with at_level(EVERYTHING):
        days = frame(
            creator_id,
            DAYS_OF_RUNS,
            **asked_of([run.level for run in runs]),
            starts_at=[run.starts_at for run in runs],
            ends_at=[run.ends_at for run in runs],
        )
    return with_floats(days, SHARES)
