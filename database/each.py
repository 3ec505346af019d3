"""Runs something for many creators, emails, exports or jobs: failures are recorded, the rest continues."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import partial
from typing import Any, Protocol, TypeVar
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


class OfCreator(Protocol):
    """A row of a creator."""

    @property
    def creator_id(self) -> UUID: ...
    @property
    def id(self) -> UUID: ...


def of_row(row: OfCreator) -> Item:
    """The row by its own id."""
    return Item(row.creator_id, str(row.id))


def each(
    items: Iterable[T],
    doing: Callable[[T], R],
    kind: str,
    named: Callable[[T], Item] = of_creator,
    instead: Callable[[T, Exception], R] | None = None,
    ends_with: tuple[type[Exception], ...] = (),
    at_once: int = 1,
) -> list[R]:
    """Run it for every item; returns the results of those that succeeded, in order, and of `instead` for the others.

    Failures of single items are recorded for staff under this kind and the name from `named`, and
    the rest continues; the next success of the item resolves the record. Only what affects all items ends
    the loop: a lost database, anything that is not an `Exception` (such as a program told to stop), and what
    the caller lists in `ends_with`. With `at_once` threads, `doing` is called in them, everything else here.
    """
    attempts = Attempts(kind)
    results = []
    for item, done in _begun(items, doing, at_once):
        try:
            results.append(done())
        except ends_with:
            raise
        except Exception as error:
            attempts.failed(named(item), error)
            if instead:
                results.append(instead(item, error))
        else:
            attempts.succeeded(named(item))
    return results


def _begun(items: Iterable[T], doing: Callable[[T], R], at_once: int) -> Iterator[tuple[T, Callable[[], R]]]:
    """Each item in order with a function for its result; if the caller stops, started items still finish."""
    if at_once == 1:
        for item in items:
            yield item, partial(doing, item)
        return
    begun: deque[tuple[T, Future[R]]] = deque()
    with ThreadPoolExecutor(at_once) as threads:
        try:
            for item in items:
                begun.append((item, threads.submit(copy_context().run, doing, item)))
                if len(begun) > at_once:
                    first, future = begun.popleft()
                    yield first, future.result
            for first, future in begun:
                yield first, future.result
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


async def each_in_turn(
    items: Iterable[T], doing: Callable[[T], Awaitable[object]], kind: str, named: Callable[[T], Item]
) -> None:
    """Like `each` for what is awaited, one after the other; failures are recorded outside the event loop."""
    attempts = Attempts(kind)
    for item in items:
        try:
            await doing(item)
        except Exception as error:
            await asyncio.to_thread(attempts.failed, named(item), error)
        else:
            await asyncio.to_thread(attempts.succeeded, named(item))


class Attempts:
    """For loops that find their items one by one: record how each went."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._open: set[str] | None = None

    def failed(self, item: Item, error: Exception) -> None:
        """Record the failure. Raises what affects all items: an order to stop, a lost database."""
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
        """Resolve earlier failures of the item; without any, it only costs the first check."""
        if self._open is None:
            self._open = open_items(self._kind)
        if item.id not in self._open:
            return
        try:
            settle(self._kind, item.id)
        except Exception as error:  # the item itself is done; its next success resolves the record
            logger.error("the note on %s of %s stays open: %s", self._kind, item.id, error_in_words(error))
        self._open.discard(item.id)


def rested(creator_ids: Iterable[UUID], kind: str) -> list[UUID]:
    """Leaves out creators for whom this keeps failing: they are retried after 2, 4, 8 ... 60 minutes."""
    resting = resting_items(kind)
    return [creator_id for creator_id in creator_ids if str(creator_id) not in resting]


@contextmanager
def failures_gathered() -> Iterator[list[Failure]]:
    """Collect the failures inside in the list, so that they can be shown to a person."""
    gathered: list[Failure] = []
    token = _gathered.set(gathered)
    try:
        yield gathered
    finally:
        _gathered.reset(token)
