"""What an email can say of its recipient."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from database.frames import rows
from database.levels import EVERYTHING, at_level
from rules.formatting import percent_of_people
from rules.visible import visible_line

LONGEST_NAME = 80  # characters

RECIPIENTS = """
    -- One row per student of the ids given who is enrolled.
    select
        student_id,
        name,
        progress_percent
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and student_id = any(cast(:student_ids as uuid[]))
"""


def recipient_values(creator_id: UUID, student_ids: Sequence[UUID]) -> dict[UUID, Mapping[str, str]]:
    """The value of each of `rules.placeholders` for these students, of all their courses; never cached.

    An empty text where nothing is known; students who left have none.
    """
    with at_level(EVERYTHING):
        found = rows(creator_id, RECIPIENTS, student_ids=[str(student_id) for student_id in student_ids])
    return {row["student_id"]: _values(row) for row in found}


def _values(row: Mapping[str, Any]) -> Mapping[str, str]:
    name = visible_line(row["name"])[:LONGEST_NAME].strip()
    progress = row["progress_percent"]
    return {
        "first name": next(iter(name.split()), ""),
        "name": name,
        "progress": "" if progress is None else percent_of_people(float(progress)),
    }
