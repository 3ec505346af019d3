"""Where a page of students begins: after the last student of the page before, wherever that student stands now."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

SEPARATOR = "~"
WRITTEN = re.compile(
    rf"(?P<id>[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})({SEPARATOR}(?P<value>[0-9T:.+-]{{1,40}}))?"
)
LARGEST = 2**31

# What the list is sorted by, and the value of the student it goes on after. A name is looked up: it has no
# place in an address, where proxies would write it down.
ORDERS = {
    "name": "lower(name)",
    "progress": "progress_percent",
    "lastActive": "last_active",
    "xp": "xp_points",
}
VALUES = {
    "name": "(select lower(name) from students where creator_id = :creator_id and id = cast(:after_id as uuid))",
    "progress": "cast(:after_value as integer)",
    "lastActive": "cast(:after_value as timestamptz)",
    "xp": "cast(:after_value as integer)",
}


@dataclass(frozen=True)
class Cursor:
    """The last student of a page, and what they were sorted by; without a value, or by a name, there is none."""

    student_id: UUID
    value: str | None = None

    def __str__(self) -> str:
        return f"{self.student_id}{SEPARATOR}{self.value}" if self.value is not None else str(self.student_id)


def cursor(written: str, sort_by: str) -> Cursor:
    """The cursor as a link of the list has it. Raises ValueError for one that no list with this order gives."""
    found = WRITTEN.fullmatch(written)
    if found is None or not _fits(found["value"], sort_by):
        raise ValueError("Take it from the link to the next page, with the same sortBy.")
    return Cursor(UUID(found["id"]), found["value"])


def cursor_of(student: dict[str, Any], sort_by: str) -> Cursor:
    """The cursor behind this row of `queries.students.students`."""
    if sort_by == "lastActive":
        last_active = student["last_active"]
        return Cursor(student["student_id"], last_active.isoformat() if last_active == last_active else None)
    if sort_by == "name":
        return Cursor(student["student_id"])
    return Cursor(student["student_id"], str(student[ORDERS[sort_by]]))


def after(sort_by: str, sort_order: str) -> str:
    """The condition on rows behind the cursor, of their `place`; those without one come last, ties by id."""
    value = VALUES[sort_by]
    is_later = "student_id > cast(:after_id as uuid)"
    direction = ">" if sort_order == "asc" else "<"
    return f"""
        case
            when cast(:after_id as uuid) is null then true
            when {value} is null then place is null and {is_later}
            else coalesce(place {direction} {value}, true) or (place = {value} and {is_later})
        end
    """


def _fits(value: str | None, sort_by: str) -> bool:
    if sort_by == "name" or value is None:
        return value is None and sort_by in ("name", "lastActive")
    try:
        if sort_by == "lastActive":
            return datetime.fromisoformat(value).tzinfo is not None
        return abs(int(value)) < LARGEST
    except ValueError:
        return False
