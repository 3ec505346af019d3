"""Which of equal lines of an input each one is, in bounded memory: a file keeps what was seen."""

import sqlite3
from collections.abc import Sequence
from hashlib import blake2b

from database.canonical import joined
from sources.facts import Activity, Line
from sources.landing.texts import microseconds

CACHE_KILOBYTES = 32_768
KEPT_IN_MEMORY = 100_000


Repeats = dict[tuple[int, int], int]


class Occurrences:
    """Counts equal activities without an id, by 64 bits of their hashes."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self._file: sqlite3.Connection | None = None

    def noted(self, lines: Sequence[Line]) -> Repeats:
        """Which one of equal activities each of these is, by line and place in it, unless it is the first."""
        return {
            (line.number, place): times
            for line in lines
            for place, fact in enumerate(line.facts)
            if type(fact) is Activity and fact.id is None and (times := self._times(fact)) > 1
        }

    def _times(self, fact: Activity) -> int:
        told = joined(fact.student, fact.kind, str(microseconds(fact.at)), fact.video or "")
        key = int.from_bytes(blake2b(told, digest_size=8).digest(), signed=True)
        known = self._counts.get(key)
        if known is None:
            known = self._kept(key)
        self._counts[key] = known + 1
        if len(self._counts) > KEPT_IN_MEMORY:
            self._keep()
        return known + 1

    def close(self) -> None:
        """Remove the file."""
        if self._file:
            self._file.close()

    def _kept(self, key: int) -> int:
        if self._file is None:
            return 0
        row = self._file.execute("select times from seen where key = ?", (key,)).fetchone()
        return int(row[0]) if row else 0

    def _keep(self) -> None:
        if self._file is None:
            self._file = sqlite3.connect("")  # a file of its own that goes with the connection
            self._file.execute(f"pragma cache_size = -{CACHE_KILOBYTES}")
            self._file.execute("create table seen (key integer primary key, times integer) without rowid")
        rows = sorted(self._counts.items())
        self._file.executemany("insert or replace into seen (key, times) values (?, ?)", rows)
        self._file.commit()
        self._counts.clear()
