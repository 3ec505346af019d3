"""Where a page of students begins: after the last student of the previous page, wherever that student is now."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.statements import step
from queries.students.rows import StudentRow
from queries.students.tiers import TIER_LABELS
from rules.searching import LAST

SEPARATOR = "~"
WRITTEN = re.compile(
    rf"(?P<id>[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})({SEPARATOR}(?P<value>[0-9T:.+-]{{1,40}}))?"
)
LARGEST = 2**31

# What the list is sorted by, and the value of the student after whom it continues. A name is looked up: it must not be
# in an address, where proxies would log it.
TIER_PLACE = step("queries/students/steps/tier_place")
ORDERS = {
    "name": "sort_key",
    "tier": TIER_PLACE,
    "progress": "progress_percent",
    "lastActive": "last_active",
    "videos": "videos_watched",
    "quizzes": "quizzes_passed",
    "questions": "questions_asked",
    "xp": "xp_points",
}
# The same for the relation that the list is made of.
PLACES = ORDERS | {"progress": step("queries/steps/whole_progress")}
DIRECTIONS = {"asc": "asc", "desc": "desc"}
VALUES = dict.fromkeys(ORDERS, "cast(:after_value as integer)") | {
    "name": "(select sort_key from students where creator_id = :creator_id and id = cast(:after_id as uuid))",
    "lastActive": "cast(:after_value as timestamptz)",
}
# What of a row is compared, where it is a number.
NUMBERS: dict[str, Callable[[StudentRow], int]] = {
    "tier": lambda row: list(TIER_LABELS).index(row.engagement_tier) + 1,
    "progress": lambda row: row.progress_percent,
    "videos": lambda row: row.videos_watched,
    "quizzes": lambda row: row.quizzes_passed,
    "questions": lambda row: row.questions_asked,
    "xp": lambda row: row.xp_points,
}


@dataclass(frozen=True)
class Cursor:
    """The last student of a page, and their sort value; None without a value, or when sorted by name."""

    student_id: UUID
    value: str | None = None

    def __str__(self) -> str:
        return f"{self.student_id}{SEPARATOR}{self.value}" if self.value is not None else str(self.student_id)


def cursor(written: str, sort_by: str) -> Cursor:
    """The cursor from a link. Raises ValueError if it does not match this order."""
    found = WRITTEN.fullmatch(written)
    if found is None or not _fits(found["value"], sort_by):
        raise ValueError("Take it from the link to the next page, with the same sortBy.")
    return Cursor(UUID(found["id"]), found["value"])


def cursor_of(student: StudentRow, sort_by: str) -> Cursor:
    """The cursor after this row of `queries.students.lists.students`."""
    if sort_by == "lastActive":
        return Cursor(student.student_id, student.last_active.isoformat() if student.last_active else None)
    if sort_by == "name":
        return Cursor(student.student_id)
    return Cursor(student.student_id, str(NUMBERS[sort_by](student)))


def order_choices(sort_by: str, sort_order: str) -> dict[str, str]:
    """The parts of the list's statement that cannot be bound: the sort column and the direction.

    Raises KeyError for anything but the fixed ones.
    """
    return {
        "place_column": PLACES[sort_by],
        "order_column": ORDERS[sort_by],
        "direction": DIRECTIONS[sort_order],
        "after_value": VALUES[sort_by],
    }


def name_bounds(sort_order: str) -> dict[str, str]:
    """Between which names the list stands: nothing lies before `start_key`, nothing behind `end_key`."""
    start, end = ("", LAST) if sort_order == "asc" else (LAST, "")
    return {"start_key": start, "end_key": end}


def _fits(value: str | None, sort_by: str) -> bool:
    if sort_by == "name" or value is None:
        return value is None and sort_by in ("name", "lastActive")
    try:
        if sort_by == "lastActive":
            return datetime.fromisoformat(value).tzinfo is not None
        return abs(int(value)) < LARGEST
    except ValueError:
        return False
