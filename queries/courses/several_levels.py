"""Several courses and runs in one statement, so that more courses do not need more statements."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from database.frames import rows
from database.levels import EVERYTHING, Level, at_level

Row = TypeVar("Row")


def asked_of(levels: Sequence[Level]) -> dict[str, Any]:
    """The parameters of `levels`."""
    return {"courses": [level.course for level in levels], "runs": [level.run for level in levels]}


def rows_of_levels(
    creator_id: UUID, statement: str, levels: Sequence[Level], row_type: Callable[..., Row], **parameters: Any
) -> list[Row]:
    """The rows of a statement that begins with `levels`, whatever the current level; its columns are the fields."""
    with at_level(EVERYTHING):
        return [row_type(**row) for row in rows(creator_id, statement, **asked_of(levels), **parameters)]
