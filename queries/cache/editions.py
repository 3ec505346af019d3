"""The edition of a creator's figures, the same for everything in one page run or request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from database.clock import fixed_now, now
from database.tenancy import Reading, one_reading
from database.versions import data_version
from queries.cache.shared_cache import FIVE_MINUTES

T = TypeVar("T")


@dataclass(frozen=True)
class Edition:
    """The edition of a creator's figures: the data version, and the current five minutes.

    Results depend on the clock too ("active in 7 days"). All levels and processes switch to the next
    five minutes together, so that no result outlives them by moving from level to level;
    each creator switches at a different second, so that not everything is computed at once.
    """

    creator_id: UUID
    version: int
    five_minutes: int
    fixed_now: datetime | None


class MovedOn(Exception):
    """The data is from a newer edition than the one requested."""


class Looks:
    """The editions of a run: read once per creator, in the transaction that also reads the rows."""

    def __init__(self, reading: Reading) -> None:
        self.has_moved_on = False  # whether results of two editions may have been mixed
        self._reading = reading
        self._known: dict[UUID, tuple[Edition, int]] = {}  # and the time at which that was known

    def take(self, known: Edition) -> None:
        """Start with the edition read when the request was admitted."""
        self._known[known.creator_id] = known, 0

    def edition(self, creator_id: UUID) -> Edition:
        """The creator's edition in this run."""
        if creator_id not in self._known:
            version = data_version(creator_id)
            self._known[creator_id] = edition(creator_id, version), self._reading.instant
        return self._known[creator_id][0]

    def confirmed(self, creator_id: UUID, compute: Callable[[], T]) -> Callable[[], T]:
        """The same, after checking that the rows belong to this edition; raises MovedOn otherwise.

        It is only read again if the last read was outside the open transaction.
        """

        def compute_confirmed() -> T:
            known, instant = self._known[creator_id]
            if not self._reading.is_open or instant != self._reading.instant:
                self._look_again(known)
            return compute()

        return compute_confirmed

    def end(self) -> None:
        """Reading is finished: drawing must not query anything."""
        self._reading.end()

    @property
    def is_over(self) -> bool:
        """Whether reading is finished."""
        return self._reading.is_over

    def resume(self) -> None:
        """Allow reading again, until the next `end`."""
        self._reading.resume()

    def close(self) -> None:
        """End the open transaction; the next query would open another."""
        self._reading.close()

    def _look_again(self, known: Edition) -> None:
        found = replace(known, version=data_version(known.creator_id))
        self._known[known.creator_id] = found, self._reading.instant
        if found != known:
            self.has_moved_on = True
            raise MovedOn


_chosen: ContextVar[Edition | None] = ContextVar("edition", default=None)
_looks: ContextVar[Looks | None] = ContextVar("looks", default=None)


def edition(creator_id: UUID, version: int) -> Edition:
    """The current edition, for data of this version."""
    phase = creator_id.int % FIVE_MINUTES
    return Edition(creator_id, version, int(now().timestamp() + phase) // FIVE_MINUTES, fixed_now())


@contextmanager
def reading(chosen: Edition) -> Iterator[None]:
    """All queries in the block read this edition, without checking which one is current."""
    token = _chosen.set(chosen)
    try:
        yield
    finally:
        _chosen.reset(token)


def chosen_edition(creator_id: UUID) -> Edition | None:
    """The edition set by `reading` for this creator."""
    chosen = _chosen.get()
    return chosen if chosen is not None and chosen.creator_id == creator_id else None


@contextmanager
def one_look() -> Iterator[Looks]:
    """The first query of the block opens its one transaction and reads the current edition there.

    The others use that edition; cache misses are read in that transaction and cached under that edition.
    A nested block shares it.
    """
    outer = _looks.get()
    if outer is not None:
        yield outer
        return
    with one_reading() as under_way:
        looks = Looks(under_way)
        token = _looks.set(looks)
        try:
            yield looks
        finally:
            _looks.reset(token)


@contextmanager
def reading_again() -> Iterator[None]:
    """Actions on a click may read in their own transaction, although their page has finished reading."""
    looks = _looks.get()
    if looks is None or not looks.is_over:
        yield
        return
    looks.resume()
    try:
        yield
    finally:
        looks.end()
