"""What a portion asks of the rows that are there."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from database.erased import Erased
from sources.landing.courses import Courses
from sources.landing.relations import Key, Relation
from sources.landing.rows import Row


class Known(Protocol):
    """What is known before a portion: the database, or that with what a dry run has said so far."""

    def named(self, kind: str, own_ids: Iterable[str]) -> Mapping[str, UUID]: ...
    def rows(self, relation: Relation, keys: Sequence[Key]) -> Iterable[tuple[Key, Row]]: ...
    def courses(self) -> Courses: ...
    def erased(self) -> Erased: ...
    def taken_numbers(self, numbers: Sequence[tuple[UUID, UUID, int]]) -> dict[tuple[UUID, UUID, int], UUID]: ...
