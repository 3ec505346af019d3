"""The one way to do something for many creators, mails, exports or jobs: what fails is noted, the rest goes on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from uuid import UUID

from procrastinate.exceptions import JobAborted

from database.failures import (
    Failure,
    Item,
    error_in_words,
    note_failure,
    open_items,
    resting_items,
    settle,
)

T = TypeVar("T")
R = TypeVar("R")

logger = logging.getLogger(__name__)

_gathered: ContextVar[list[Failure] | None] = ContextVar("gathered_failures", default=None)


def of_creator(item: Any) -> Item:
    """A creator's id, or something with a creator's id as `id`."""
    creator_id: UUID = item if isinstance(item, UUID) else item.id
    return Item(creator_id, str(creator_id))


def of_row(item: Any) -> Item:
    """A row of a creator, as a mapping or an object: `creator_id` and `id`."""
    values = item if isinstance(item, dict) else vars(item)
    return Item(values["creator_id"], str(values["id"]))


def each(
    items: Iterable[T],
    doing: Callable[[T], R],
    kind: str,
    named: Callable[[T], Item] = of_creator,
    instead: Callable[[T, Exception], R] | None = None,
    ends_with: tuple[type[Exception], ...] = (),
) -> list[R]:
    """Do it for every item; the results of those that went well, in order, and of `instead` for the others.

    Whatever fails for one item is noted for staff under this kind and with what `named` calls it, and
    the rest goes on; the next success of the item settles the note. Only what concerns all items ends
    the loop: a database that is gone, whatever is no `Exception` (a program that is told to stop), and what
    the caller names by `ends_with`.
    """
    attempts = Attempts(kind)
    results = []
    for item in items:
        try:
            results.append(doing(item))
        except ends_with:
            raise
        except Exception as error:
            attempts.failed(named(item), error)
            if instead:
                results.append(instead(item, error))
        else:
            attempts.succeeded(named(item))
    return results


async def each_in_turn(
    items: Iterable[T], doing: Callable[[T], Awaitable[object]], kind: str, named: Callable[[T], Item]
) -> None:
    """Like `each` for what is awaited, one after the other; notes are written beside the loop of events."""
    attempts = Attempts(kind)
    for item in items:
        try:
            await doing(item)
        except Exception as error:
            await asyncio.to_thread(attempts.failed, named(item), error)
        else:
            await asyncio.to_thread(attempts.succeeded, named(item))


class Attempts:
    """For a loop whose items are found one by one: say of each how it went."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._open: set[str] | None = None

    def failed(self, item: Item, error: Exception) -> None:
        """Note it. Raises what concerns all items: an order to stop, a database that is gone."""
        if isinstance(error, JobAborted):
            raise error
        failure = Failure.of(self._kind, item, error)
        logger.error("%s of %s failed: %s at %s", failure.kind, item.id, failure.error, failure.place or "?")
        gathered = _gathered.get()
        if gathered is not None:
            gathered.append(failure)
        note_failure(failure)
        if self._open is not None:
            self._open.add(item.id)

    def succeeded(self, item: Item) -> None:
        """Settle what was noted about it before; without such a note it costs nothing but the first look."""
        if self._open is None:
            self._open = open_items(self._kind)
        if item.id not in self._open:
            return
        try:
            settle(self._kind, item.id)
        except Exception as error:  # the item itself is done; its next success settles the note
            logger.error("the note on %s of %s stays open: %s", self._kind, item.id, error_in_words(error))
        self._open.discard(item.id)


def rested(creator_ids: Iterable[UUID], kind: str) -> list[UUID]:
    """Without the creators for whom this failed again and again: they are tried after 2, 4, 8 ... 60 minutes."""
    resting = resting_items(kind)
    return [creator_id for creator_id in creator_ids if str(creator_id) not in resting]


@contextmanager
def failures_gathered() -> Iterator[list[Failure]]:
    """Fill the list with what fails inside, for whoever has to tell a person."""
    gathered: list[Failure] = []
    token = _gathered.set(gathered)
    try:
        yield gathered
    finally:
        _gathered.reset(token)
