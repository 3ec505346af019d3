"""A dry run: what was said so far lies over what the database knows, in a file of this process."""

import pickle
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from database.canonical import joined
from database.erased import Erased
from sources.landing.courses import Courses
from sources.landing.names import NAMED
from sources.landing.portion import Portion
from sources.landing.relations import ATTEMPTS, COURSES, RUNS, Key, Relation
from sources.landing.rows import Row
from sources.landing.stored import Stored
from sources.landing.texts import key_text

CACHE_KILOBYTES = 32_768
DRY_RUN = -1  # the number of an import that is none

Taken = dict[tuple[UUID, UUID, int], UUID]


class Overlay:
    """Rows and ids that a dry run would have written."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("")  # a file of its own that goes with the connection
        self._file.execute(f"pragma cache_size = -{CACHE_KILOBYTES}")
        self._file.execute("create table said (key blob primary key, told blob) without rowid")
        self._relations: set[str] = set()
        self.courses: Courses | None = None

    def close(self) -> None:
        """Remove the file."""
        self._file.close()

    def add(self, portion: Portion) -> None:
        """Keep what a portion would have written."""
        rows = [
            (_key(relation.name, key_text(relation, key)), pickle.dumps((row.values, row.writer, tuple(row.fixed))))
            for relation, of_relation in portion.rows.of.items()
            for key, row in of_relation.items()
            if row.is_new or row.is_changed
        ]
        names = [
            (_key(relation.name, "name", external), pickle.dumps(key[0]))
            for (relation, key), external in portion.external.items()
            if portion.rows.find(relation, key) is not None
        ]
        numbers = [
            (_key(ATTEMPTS.name, "number", *map(str, number)), pickle.dumps(one))
            for number, one in portion.taken.items()
        ]
        self._file.executemany("insert or replace into said (key, told) values (?, ?)", [*rows, *names, *numbers])
        self._file.commit()
        self._relations |= {relation.name for relation, of_relation in portion.rows.of.items() if of_relation}
        self._keep_courses(portion)

    def find(self, relation: str, *parts: str) -> object:
        """What was kept under a key; None if nothing was."""
        if relation not in self._relations:
            return None
        row = self._file.execute("select told from said where key = ?", (_key(relation, *parts),)).fetchone()
        return pickle.loads(row[0]) if row else None  # noqa: S301 (of this process)

    def _keep_courses(self, portion: Portion) -> None:
        known = portion.ids.courses
        if not known.courses:
            return
        known.courses = [one for one in known.courses if not one.is_new or portion.rows.find(COURSES, (one.id,))]
        known.runs = [one for one in known.runs if not one.is_new or portion.rows.find(RUNS, (one.id,))]
        for course in known.courses:
            course.is_new = False
        for run in known.runs:
            run.is_new = False
        self.courses = known


@dataclass
class Overlaid:
    """The database with what the dry run has said so far."""

    stored: Stored
    overlay: Overlay

    def named(self, kind: str, own_ids: Iterable[str]) -> Mapping[str, UUID]:
        """The ids of things, also of those that would have been made."""
        own_ids = list(own_ids)
        known = dict(self.stored.named(kind, own_ids))
        for own in own_ids:
            if own not in known:
                made = self.overlay.find(NAMED[kind].name, "name", self.stored.names.external(own))
                if isinstance(made, UUID):
                    known[own] = made
        return known

    def rows(self, relation: Relation, keys: Sequence[Key]) -> Iterable[tuple[Key, Row]]:
        """The rows as they would be."""
        stored = dict(self.stored.rows(relation, keys))
        for key in keys:
            said = self.overlay.find(relation.name, key_text(relation, key))
            if isinstance(said, tuple):
                values, writer, fixed = said
                stored[key] = Row(values, writer, fixed)
        return stored.items()

    def courses(self) -> Courses:
        """All courses and runs, with those that would have been added."""
        return self.overlay.courses or self.stored.courses()

    def erased(self) -> Erased:
        """The people who were erased."""
        return self.stored.erased()

    def taken_numbers(self, numbers: Sequence[tuple[UUID, UUID, int]]) -> Taken:
        """Which attempts have these numbers."""
        taken = dict(self.stored.taken_numbers(numbers))
        for number in numbers:
            one = self.overlay.find(ATTEMPTS.name, "number", *map(str, number))
            if isinstance(one, UUID):
                taken[number] = one
        return taken


def _key(*parts: str) -> bytes:
    return blake2b(joined(*parts), digest_size=16).digest()
