"""How long an answer is remembered, and for whom."""

import inspect
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, update_wrapper, wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar
from uuid import UUID

import streamlit as st
from streamlit import config
from streamlit.runtime.caching.global_cache_budget import (
    get_global_cache_budget,
    reconfigure_global_cache_budget_from_config,
)

from database.canonical import canonical
from database.clock import fixed_now, now
from database.versions import data_version
from queries.answer_format import Types, answer_types, packed
from queries.cache_counts import count_question
from queries.shared_cache import FIVE_MINUTES, Question, shared

P = ParamSpec("P")
T = TypeVar("T")
Query = Callable[Concatenate[UUID, P], T]

ENTRIES_PER_FUNCTION = 1_000  # about 100 creators x 10 filter settings
# Streamlit keeps a lock for every key that it ever saw, and gives them back only when a function's cache is cleared.
KEYS_PER_FUNCTION = 2 * ENTRIES_PER_FUNCTION
LIMIT, USUAL_LIMIT = "server.maxCacheDataSize", "128mb"

# Outside the app (commands, reports, tests) the cache works the same, and says so once per query. A filter, for
# Streamlit sets the levels of its loggers anew whenever one of its logging options is set.
for _name in ("runtime.caching.cache_data_api", "runtime.scriptrunner_utils.script_run_context"):
    logging.getLogger(f"streamlit.{_name}").addFilter(lambda record: record.levelno >= logging.ERROR)


class ForeignAnswer(RuntimeError):
    """The cache returned another creator's answer; it is never shown."""


@dataclass(frozen=True)
class Edition:
    """Which figures of a creator are current: the state of the data, and which five minutes it is.

    Answers depend on the clock too ("active in 7 days"). All levels and processes turn to the next
    five minutes together, so that no answer outlives them by being handed from level to level;
    each creator turns at another second, so that not everything is computed at once.
    """

    creator_id: UUID
    version: int
    five_minutes: int
    fixed_now: datetime | None


_edition: ContextVar[Edition | None] = ContextVar("edition", default=None)
_looked_up: ContextVar[dict[UUID, Edition] | None] = ContextVar("looked_up", default=None)


def edition(creator_id: UUID, version: int) -> Edition:
    """The edition of this moment, for data of this version."""
    phase = creator_id.int % FIVE_MINUTES
    return Edition(creator_id, version, int(now().timestamp() + phase) // FIVE_MINUTES, fixed_now())


@contextmanager
def reading(chosen: Edition) -> Iterator[None]:
    """All queries of one answer read this edition, and none of them asks which one is current."""
    token = _edition.set(chosen)
    try:
        yield
    finally:
        _edition.reset(token)


@contextmanager
def looking_up_once() -> Iterator[None]:
    """The first query about a creator finds out which edition is current, and the others of the block read it too."""
    token = _looked_up.set({})
    try:
        yield
    finally:
        _looked_up.reset(token)


@dataclass(frozen=True)
class HeldBytes:
    """What all that this process remembers by `remembered` takes, and the most that it may take (None: no limit)."""

    held: int
    most: int | None


def held_bytes() -> HeldBytes:
    """The pickled answers in memory, those included whose time is over and that nobody has swept out yet."""
    budget = get_global_cache_budget()
    return HeldBytes(budget.total_bytes, budget.max_bytes)


def _limit_bytes() -> None:
    """One limit for all functions together, in the server and in every other process; a set option prevails."""
    if not config.is_manually_set(LIMIT):
        config.set_option(LIMIT, USUAL_LIMIT)
    reconfigure_global_cache_budget_from_config()  # Streamlit's server does it once more; other processes have none


_limit_bytes()


class Remembered(Generic[P, T]):
    """A function behind `st.cache_data`: bounded in time, entries, keys and, all functions together, in bytes.

    Callers get copies. Arguments whose names begin with an underscore are not part of the key.
    """

    def __init__(
        self, function: Callable[P, T], seconds: float, hash_funcs: dict[Any, Callable[[Any], Any]] | None = None
    ) -> None:
        update_wrapper(self, function)
        self._lock = threading.Lock()
        self._new_keys = 0

        # `wraps` is load-bearing: st.cache_data tells functions apart by name and source, and
        # without it all functions would share one cache and answer for each other.
        @wraps(function)
        def computed(*arguments: P.args, **options: P.kwargs) -> T:
            with self._lock:
                self._new_keys += 1
            return function(*arguments, **options)

        self._cached: Callable[P, T] = st.cache_data(
            ttl=seconds, max_entries=ENTRIES_PER_FUNCTION, show_spinner=False, hash_funcs=hash_funcs
        )(computed)

    def __call__(self, *arguments: P.args, **options: P.kwargs) -> T:
        answer = self._cached(*arguments, **options)
        if self._new_keys > KEYS_PER_FUNCTION:
            self.clear()
        return answer

    def clear(self) -> None:
        """Forget all answers of this function."""
        with self._lock:
            self._new_keys = 0
        self._cached.clear()  # type: ignore[attr-defined]


def remembered(
    seconds: float, hash_funcs: dict[Any, Callable[[Any], Any]] | None = None
) -> Callable[[Callable[P, T]], Remembered[P, T]]:
    """Decorate a function whose answers may be so old."""
    return lambda function: Remembered(function, seconds, hash_funcs)


class CachedQuery(Generic[P, T]):
    """A query whose answers are remembered; `fresh` is the query itself, which asks the database.

    The key holds the creator, the arguments and the edition, so a refresh or an event shows at
    once; the time limit only bounds memory and age. The value carries its creator, checked on every
    hit. Between this process and the database, all processes share what Redis remembers.
    """

    def __init__(self, query: Query[P, T]) -> None:
        update_wrapper(self, query)
        self.fresh = query
        self._name = f"{query.__module__}.{query.__qualname__}"
        self._signature = inspect.signature(query)
        self._remembered = _remembered(query)

    def __call__(self, creator_id: UUID, /, *arguments: P.args, **options: P.kwargs) -> T:
        count_question()
        question = Question(self._name, creator_id, self._parts(creator_id, arguments, options), self._types)
        owner, answer = self._remembered(
            str(creator_id), question.parts, question, lambda: self.fresh(creator_id, *arguments, **options)
        )
        if owner != creator_id:
            raise ForeignAnswer(f"{self.fresh.__qualname__} answered for another creator")
        return answer

    def _parts(self, creator_id: UUID, arguments: tuple[Any, ...], options: dict[str, Any]) -> str:
        """What the answer depends on besides query and creator; calls that mean the same are the same text."""
        current = _current(creator_id)
        bound = self._signature.bind_partial(creator_id, *arguments, **options)
        bound.apply_defaults()
        asked = {name: packed(value, []) for name, value in list(bound.arguments.items())[1:]}
        clock = current.fixed_now.isoformat() if current.fixed_now else None
        return canonical({"asked": asked, "version": current.version, "time": current.five_minutes, "clock": clock})

    @cached_property
    def _types(self) -> Types:
        return answer_types(self.fresh)


def cached_query(query: Query[P, T]) -> CachedQuery[P, T]:
    """Remember a query's answers for five minutes at most: in this process and, with REDIS_URL, for all."""
    return CachedQuery(query)


def _current(creator_id: UUID) -> Edition:
    chosen = _edition.get()
    if chosen is not None and chosen.creator_id == creator_id:
        return chosen
    known = _looked_up.get()
    if known is None:
        return edition(creator_id, data_version(creator_id))
    if creator_id not in known:
        known[creator_id] = edition(creator_id, data_version(creator_id))
    return known[creator_id]


def _remembered(query: Query[P, T]) -> Callable[..., tuple[UUID, T]]:
    @wraps(query)
    def labelled(creator: str, parts: str, _question: Question, _compute: Callable[[], T]) -> tuple[UUID, T]:
        # Two texts are the key: hashing the arguments themselves took three times as long as all the rest.
        del creator, parts
        return _question.creator_id, shared(_question, _compute)

    del labelled.__wrapped__  # the key is made of this signature, not of the query's
    return Remembered(labelled, FIVE_MINUTES)
