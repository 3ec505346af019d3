"""A row again, from what was said about it without one of the imports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from sources.landing.names import NAMED, Names
from sources.landing.relations import (
    ATTEMPTS,
    COURSES,
    ENROLMENTS,
    QUIZZES,
    RUNS,
    STUDENTS,
    VIDEOS,
    Key,
    Relation,
    Values,
)
from sources.landing.rows import Entry, Row
from sources.landing.tables import array
from sources.landing.texts import as_json, key_text
from sources.landing.writing import Said

FIRST_COURSE = text("select first_course(:creator_id)")
# Columns that stay as they are if nobody says anything, for there is nothing better.
STAYING = {STUDENTS: (2,), VIDEOS: (9,), QUIZZES: (4,), ENROLMENTS: (0,), ATTEMPTS: (0,)}


@dataclass(frozen=True)
class Refolded:
    """A row as it is without the import, and what the others said."""

    values: Values
    writer: int | None
    entries: list[Entry]
    student_id: UUID | None
    is_changed: bool
    is_edited: bool  # and so it stays as it is
    history: list[Values]  # the row after each of the others spoke

    def said(self, relation: Relation, key: Key) -> list[Said]:
        """The entries as they are kept; the first one is the whole row."""
        told = []
        for place, entry in enumerate(self.entries):
            first = place == 0
            values = self.history[0] if first else entry.values
            told.append(
                (key_text(relation, key), place, entry.import_number, self.student_id, as_json(relation, values))
            )
        return told


def refolded(relation: Relation, row: Row, entries: Sequence[Entry], blank_row: Values, without: int) -> Refolded:
    """The row from what all but one import said, in order."""
    kept = [entry for entry in entries if entry.import_number != without]
    student_id = entries[0].student_id
    if _is_edited(entries, without):
        # The row is a person's now, whoever made it.
        return Refolded(row.values, None, [], student_id, True, True, [])
    if not kept:  # nobody else spoke of it: it goes with the rows that are only the import's
        return Refolded(row.values, without, [], student_id, row.writer != without, False, [])
    history = states(relation, kept, blank_row)
    values, writer = history[-1], kept[-1].import_number
    is_alone = len(kept) == 1
    is_changed = values != row.values or writer != row.writer
    return Refolded(values, writer, [] if is_alone else kept, student_id, is_changed, False, history)


def states(relation: Relation, entries: Sequence[Entry], blank_row: Values) -> list[Values]:
    """The row after each of these spoke; the first of all entries is the whole row."""
    history: list[Values] = []
    for entry in entries:
        known = history[-1] if history else blank_row
        history.append(list(entry.values) if entry.place == 0 else relation.said(known, entry.values))
    return history


def blank(connection: Connection, names: Names, relation: Relation, rows: Mapping[Key, Row]) -> dict[Key, Values]:
    """The rows as they would be if nobody had described them."""
    external = _external_ids(connection, names, relation, rows)
    course_id = (
        connection.execute(FIRST_COURSE, {"creator_id": names.creator_id}).scalar_one()
        if (relation in (VIDEOS, QUIZZES))
        else None
    )
    blanks = {}
    for key, row in rows.items():
        values = list(relation.unsaid)
        for place in STAYING.get(relation, ()):
            values[place] = row.values[place]
        if key[0] in external:
            values[0] = names.own(external[key[0]])
        if relation in (COURSES, RUNS):
            values[0] = str(uuid4())
        if relation in (VIDEOS, QUIZZES):
            values[1] = course_id
        blanks[key] = values
    return blanks


def _is_edited(entries: Sequence[Entry], without: int) -> bool:
    """Whether the import made the row, and a person changed it later."""
    made_by = entries[0].import_number
    return made_by == without and any(entry.import_number is None for entry in entries[1:])


def _external_ids(connection: Connection, names: Names, relation: Relation, keys: Mapping[Key, Any]) -> dict[UUID, str]:
    if relation not in NAMED.values() or not keys:
        return {}
    statement = f"""
select
    id,
    external_id
from {relation.name}
where
    creator_id = :creator_id
    and id = any(cast(:ids as uuid[]))
"""
    asked = {"creator_id": names.creator_id, "ids": array("uuid", (key[0] for key in keys))}
    return {row.id: row.external_id for row in connection.execute(text(statement), asked)}
