"""What the database knows before a portion."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from database.erased import Erased, erased
from sources.landing.courses import Courses, known_courses
from sources.landing.names import Names, found
from sources.landing.relations import ENROLMENTS, MESSAGES, Key, Relation
from sources.landing.rows import Entry, Row
from sources.landing.tables import array, known_rows
from sources.landing.texts import from_json, key_of_text, key_text

ENTRIES = text(
    """
    select
        key,
        place,
        import_number,
        student_id,
        told
    from said_rows
    where
        creator_id = :creator_id
        and relation = :relation
        and key = any(cast(:keys as text[]))
    order by
        key,
        place
    """
)
BY_GAPS = text(
    """
    select id
    from chat_sessions
    where
        creator_id = :creator_id
        and id = any(cast(:sessions as uuid[]))
        and is_by_gaps
    """
)
TAKEN = text(
    """
    select
        quiz_attempts.quiz_id,
        quiz_attempts.student_id,
        quiz_attempts.attempt_number,
        quiz_attempts.id
    from unnest(
        cast(:quizzes as uuid[]),
        cast(:students as uuid[]),
        cast(:numbers as integer[])
    ) as given (quiz_id, student_id, attempt_number)
    join quiz_attempts
        on
            quiz_attempts.creator_id = :creator_id
            and quiz_attempts.quiz_id = given.quiz_id
            and quiz_attempts.student_id = given.student_id
            and quiz_attempts.attempt_number = given.attempt_number
    where
        quiz_attempts.given_number is not null
        or quiz_attempts.import_number is null
    """
)


@dataclass
class Stored:
    """A creator's rows, in an open transaction."""

    connection: Connection
    names: Names
    is_dry: bool = False

    def named(self, kind: str, own_ids: Iterable[str]) -> Mapping[str, UUID]:
        """The ids of the things that there are, by the source's own ids."""
        return found(self.connection, self.names, kind, own_ids)

    def rows(self, relation: Relation, keys: Sequence[Key]) -> Iterable[tuple[Key, Row]]:
        """The rows with these keys."""
        creator_id = self.names.creator_id
        width = len(relation.key)
        end = width + len(relation.columns)
        rows = {tuple(row[:width]): row for row in known_rows(self.connection, creator_id, relation, keys)}
        entries = entries_of(self.connection, creator_id, relation, rows)
        by_gaps = self._by_gaps(row[width] for row in rows.values()) if relation is MESSAGES else ()
        for key, row in rows.items():
            values, writer = list(row[width:end]), row[-1]
            if relation is ENROLMENTS and writer is None and values[3]:
                continue  # it stands in for what a source says
            if relation is MESSAGES and values[0] in by_gaps:
                values[0] = None  # nobody named a conversation
            yield key, Row(values, writer, tuple(row[end:-1]), entries=entries.get(key))

    def _by_gaps(self, sessions: Iterable[UUID]) -> set[UUID]:
        asked = {"creator_id": self.names.creator_id, "sessions": array("uuid", set(sessions))}
        return set(self.connection.execute(BY_GAPS, asked).scalars())

    def courses(self) -> Courses:
        """All courses and runs."""
        return known_courses(self.connection, self.names, self.is_dry)

    def erased(self) -> Erased:
        """The people who were erased."""
        return erased(self.connection, self.names.creator_id)

    def taken_numbers(self, numbers: Sequence[tuple[UUID, UUID, int]]) -> dict[tuple[UUID, UUID, int], UUID]:
        """Which attempts have these numbers, by quiz, student and number, unless they are only counted."""
        quizzes, students, given = zip(*numbers, strict=True)
        asked = {"quizzes": array("uuid", quizzes), "students": array("uuid", students), "numbers": list(given)}
        rows = self.connection.execute(TAKEN, {"creator_id": self.names.creator_id, **asked})
        return {(row[0], row[1], row[2]): row[3] for row in rows}


def entries_of(
    connection: Connection, creator_id: UUID, relation: Relation, keys: Iterable[Key]
) -> dict[Key, list[Entry]]:
    """What several imports said of these rows, in order."""
    texts = [key_text(relation, key) for key in keys]
    if not texts:
        return {}
    asked = {"creator_id": creator_id, "relation": relation.name, "keys": array("text", texts)}
    entries: dict[Key, list[Entry]] = {}
    for row in connection.execute(ENTRIES, asked):
        told: dict[str, Any] = row.told
        one = Entry(row.place, row.import_number, from_json(relation, told), row.student_id)
        entries.setdefault(key_of_text(relation, row.key), []).append(one)
    return entries
