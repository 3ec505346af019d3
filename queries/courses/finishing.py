"""Who finished a course or a run of it, and how long that took."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from database.levels import Level
from database.statements import sql
from queries.courses.several_levels import rows_of_levels

FINISHING = sql("queries/courses/finishing")


@dataclass(frozen=True)
class Finishing:
    finished_students: int
    median_days: float | None


@dataclass(frozen=True, slots=True)
class FinishingRow:
    """One row per requested level."""

    course: int
    run: int
    finished_students: int
    median_days: float | None


def finished_at_levels(creator_id: UUID, levels: Sequence[Level]) -> dict[tuple[int, int], Finishing]:
    """For each level, how many students completed every published video, and the median of the days it took them.

    By the numbers of course and run. Students have finished if they watched the last of the videos by now; those who
    watch one again finish then.
    """
    return {
        (row.course, row.run): Finishing(row.finished_students, row.median_days)
        for row in rows_of_levels(creator_id, FINISHING, levels, FinishingRow)
    }
