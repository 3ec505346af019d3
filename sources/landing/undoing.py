"""Undo an import, as if it had never been: what others said stays, what a person changed too."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, text

from database.statements import sql
from database.tenancy import JOB_SECONDS, tenant_tx
from rules.errors import InputError
from sources.landing.after_undo import Settling
from sources.landing.names import Names
from sources.landing.references import REFERENCES, removable, remove_undescribed
from sources.landing.refold import Refolded, blank, refolded
from sources.landing.register import DAYS_KEPT, import_of_id, take_turns
from sources.landing.relations import ATTEMPTS, MESSAGES, RELATIONS, Key, Relation
from sources.landing.rows import UNDESCRIBED, Row
from sources.landing.source import Import
from sources.landing.stored import Stored, entries_of
from sources.landing.tables import array, delete, rows_of_import, set_import, update
from sources.landing.texts import key_hash, key_of_text, key_text
from sources.landing.writing import put_into_sessions, say

ROWS_OF_A_PORTION = 2_000
EDITED, REFERRED_TO = "changed by hand since", "referred to by other data"

BEGIN = text(sql("sources/landing/begin_undo"))
NOTE = text(sql("sources/landing/note_undone"))
FINISH = text(sql("sources/landing/finish_undo"))
SPOKEN_OF = text(
    """
    select distinct key
    from said_rows
    where
        creator_id = :creator_id
        and import_number = :number
        and relation = :relation
    order by key
    limit :most
    """
)
FORGET = text(
    """
    delete from said_rows
    where
        creator_id = :creator_id
        and relation = :relation
        and key = any(cast(:keys as text[]))
    """
)
HASHES = text(
    """
    select
        import_number,
        key_hashes
    from same_rows
    where
        creator_id = :creator_id
        and relation = :relation
        and import_number <> :number
    order by import_number
    """
)

Undoing = Callable[[str, int], None]  # called with the relation and the rows undone so far


def silently(_relation: str, _rows: int) -> None:
    """The progress of an undo that nobody watches."""


def undo(creator_id: UUID, import_id: UUID, undoing: Undoing = silently) -> Import:
    """Take back what an import wrote and restore what it replaced; the figures follow with the next refresh.

    In portions: killed at any moment, the next call goes on. Rows that other data refers to stay with their ids as
    names, rows that a person changed stay as they are; both are counted in `rows_kept`. Undoing twice changes nothing.
    Raises InputError for an import that is unknown or another creator's, and for one that is too old.
    """
    undone = import_of_id(creator_id, import_id)
    if undone.is_kept:
        raise InputError(f"Import {undone.number} ended over {DAYS_KEPT} days ago; it can't be undone any more.")
    asked = {"creator_id": creator_id, "number": undone.number}
    with tenant_tx(creator_id) as connection:
        take_turns(connection, creator_id, "undo")
        if not connection.execute(BEGIN, asked).rowcount:
            return undone
    Undo(Names(creator_id, undone.ids_from), undone.number, undoing, is_resumed=undone.state == "undoing").run()
    return import_of_id(creator_id, import_id)


@dataclass
class Undo:
    """The portions of an undo."""

    names: Names
    number: int
    undoing: Undoing
    is_resumed: bool
    rows: int = 0
    settling: Settling = field(init=False)

    def run(self) -> None:
        """Undo relation by relation, children first."""
        self.settling = Settling(self.names.creator_id, everybody=self.is_resumed)
        for relation in reversed(RELATIONS):
            while self._spoken_of(relation):
                pass
            self._own_rows(relation)
        with self._portion() as connection:
            for relation in reversed(RELATIONS):
                if relation in REFERENCES:
                    gone = remove_undescribed(connection, self.names.creator_id, relation)
                    if relation is ATTEMPTS:
                        self.settling.attempts_gone(connection, [tuple(row[1:]) for row in gone])
            self.settling.arrivals(connection)
            connection.execute(FINISH, self._asked)

    @property
    def _asked(self) -> dict[str, object]:
        return {"creator_id": self.names.creator_id, "number": self.number}

    @contextmanager
    def _portion(self) -> Iterator[Connection]:
        with tenant_tx(self.names.creator_id, limit_seconds=JOB_SECONDS) as connection:
            take_turns(connection, self.names.creator_id, "undo")
            yield connection

    def _noted(self, connection: Connection, relation: Relation, rows: int, kept: Counter[str]) -> None:
        connection.execute(
            NOTE, {**self._asked, "rows": rows, "edited": kept[EDITED], "referred_to": kept[REFERRED_TO]}
        )
        self.rows += rows
        self.undoing(relation.name, self.rows)

    def _spoken_of(self, relation: Relation) -> int:
        """Forget what the import said about rows of which others spoke too; returns how many rows these were."""
        creator_id = self.names.creator_id
        with self._portion() as connection:
            asked = {**self._asked, "relation": relation.name, "most": ROWS_OF_A_PORTION}
            keys = [key_of_text(relation, one) for one in connection.execute(SPOKEN_OF, asked).scalars()]
            if not keys:
                return 0
            entries = entries_of(connection, creator_id, relation, keys)
            rows = dict(Stored(connection, self.names).rows(relation, keys))
            blanks = blank(connection, self.names, relation, rows)
            kept: Counter[str] = Counter()
            again: dict[Key, Refolded] = {}
            for key, row in rows.items():
                again[key] = refolded(relation, row, entries[key], blanks[key], self.number)
                kept[EDITED] += again[key].is_edited
            self._replace(connection, relation, keys, again)
            self.settling.replaced(connection, relation, rows, again)
            self._noted(connection, relation, len(keys), kept)
            return len(keys)

    def _replace(
        self, connection: Connection, relation: Relation, keys: Sequence[Key], again: dict[Key, Refolded]
    ) -> None:
        creator_id = self.names.creator_id
        texts = array("text", (key_text(relation, key) for key in keys))
        connection.execute(FORGET, {"creator_id": creator_id, "relation": relation.name, "keys": texts})
        if relation is MESSAGES:
            put_into_sessions(connection, self.names, (one.values for one in again.values() if one.is_changed))
        say(connection, creator_id, relation, [one for key in again for one in again[key].said(relation, key)])
        update(
            connection,
            creator_id,
            relation,
            [(*key, *one.values, one.writer) for key, one in again.items() if one.is_changed],
        )

    def _own_rows(self, relation: Relation) -> None:
        """Remove the rows of which only this import spoke; others that said the same take them over."""
        last: Key | None = None
        same = None
        while True:
            with self._portion() as connection:
                keys = rows_of_import(connection, self.names.creator_id, relation, self.number, last, ROWS_OF_A_PORTION)
                if not keys:
                    return
                same = same if same is not None else self._said_the_same(connection, relation)
                kept: Counter[str] = Counter()
                self._remove(connection, relation, keys, same, kept)
                self._noted(connection, relation, len(keys), kept)
            last = keys[-1]

    def _remove(
        self, connection: Connection, relation: Relation, keys: list[Key], same: "SaidTheSame", kept: Counter[str]
    ) -> None:
        creator_id = self.names.creator_id
        owners = same.owners([key_hash(relation, key) for key in keys])
        set_import(
            connection,
            creator_id,
            relation,
            [(*key, owner) for key, owner in zip(keys, owners, strict=True) if owner],
        )
        nobodys = [key for key, owner in zip(keys, owners, strict=True) if not owner]
        free = (
            {(one,) for one in removable(connection, creator_id, relation, [key[0] for key in nobodys])}
            if (relation in REFERENCES and nobodys)
            else set(nobodys)
        )
        needed = [key for key in nobodys if key not in free]
        rows = dict(Stored(connection, self.names).rows(relation, nobodys))
        self._undescribe(connection, relation, {key: rows[key] for key in needed if key in rows})
        delete(connection, creator_id, relation, [key for key in nobodys if key in free])
        kept[REFERRED_TO] += len(needed)
        self.settling.removed(connection, relation, rows)

    def _undescribe(self, connection: Connection, relation: Relation, rows: dict[Key, Row]) -> None:
        blanks = blank(connection, self.names, relation, rows)
        update(connection, self.names.creator_id, relation, [(*key, *blanks[key], UNDESCRIBED) for key in rows])

    def _said_the_same(self, connection: Connection, relation: Relation) -> "SaidTheSame":
        return SaidTheSame(connection.execute(HASHES, {**self._asked, "relation": relation.name}).all())


class SaidTheSame:
    """Which other import said the same of a row: sorted hashes, twelve bytes for each."""

    def __init__(self, rows: Sequence[Any]) -> None:
        hashes = [np.frombuffer(row.key_hashes, dtype=">u8").astype(np.uint64) for row in rows]
        numbers = [np.full(len(one), row.import_number, np.int32) for one, row in zip(hashes, rows, strict=True)]
        told = np.concatenate(hashes) if hashes else np.empty(0, np.uint64)
        order = np.argsort(told, kind="stable")  # of several imports, the first
        self._hashes: npt.NDArray[np.uint64] = told[order]
        self._numbers = (np.concatenate(numbers) if numbers else np.empty(0, np.int32))[order]

    def owners(self, hashes: Sequence[int]) -> list[int | None]:
        """The number of the import for each hash; None if no other one said it."""
        asked = np.array(hashes, np.uint64)
        if not len(self._hashes):
            return [None] * len(asked)
        places = np.minimum(np.searchsorted(self._hashes, asked), len(self._hashes) - 1)
        found = self._hashes[places] == asked
        return [int(self._numbers[place]) if is_known else None for place, is_known in zip(places, found, strict=True)]
