"""How long results are cached, and for whom."""

import inspect
import logging
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial, update_wrapper, wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar
from uuid import UUID

import streamlit as st
from streamlit import config, runtime
from streamlit.runtime.caching.global_cache_budget import (
    get_global_cache_budget,
    reconfigure_global_cache_budget_from_config,
)

from database.canonical import canonical
from database.levels import level
from queries.cache.answer_format import Types, answer_types, packed
from queries.cache.answers import Answers, Held
from queries.cache.counts import count_question
from queries.cache.editions import Edition, MovedOn, chosen_edition, one_look
from queries.cache.shared_cache import FIVE_MINUTES, Question, shared

P = ParamSpec("P")
T = TypeVar("T")
Query = Callable[Concatenate[UUID, P], T]

ENTRIES_PER_FUNCTION = 1_000
# Streamlit keeps a lock for every key it ever saw, and releases them only when a function's cache is cleared.
KEYS_PER_FUNCTION = 2 * ENTRIES_PER_FUNCTION
KNOWN_ARGUMENTS = 200  # of one query, as texts
LIMIT, USUAL_LIMIT = "server.maxCacheDataSize", "128mb"

# Outside the app (notebooks, commands, reports, tests) the cache works the same, and Streamlit warns about it once per
# query. A filter, because Streamlit resets the levels of its loggers whenever one of its logging options is set. Inside
# the app, where the same warning means a mistake, it is kept.
NEED_THE_APP = ("runtime.caching.cache_data_api", "runtime.scriptrunner_utils.script_run_context")


def _is_to_be_heard(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR or runtime.exists()


for _name in NEED_THE_APP:
    logging.getLogger(f"streamlit.{_name}").addFilter(_is_to_be_heard)


class ForeignAnswer(RuntimeError):
    """The cache returned another creator's result; it is never shown."""


@dataclass(frozen=True)
class HeldBytes:
    """The size of all cached results and values, and its limit (None: no limit)."""

    held: int
    most: int | None


def held_bytes() -> HeldBytes:
    """The size in memory, including expired entries that have not been removed yet."""
    # Not a public part of Streamlit, but nothing else knows the total size of its caches.
    budget = get_global_cache_budget()
    return HeldBytes(ANSWERS.held_bytes + budget.total_bytes, budget.max_bytes)


def _limit_bytes() -> None:
    """One limit for all functions together, in the server and in every other process; a configured option wins."""
    if not config.is_manually_set(LIMIT):
        config.set_option(LIMIT, USUAL_LIMIT)
    reconfigure_global_cache_budget_from_config()  # Streamlit's server does this again; other processes have no server


_limit_bytes()


def _room_bytes() -> int | None:
    """The part of the limit that everything else leaves free."""
    budget = get_global_cache_budget()
    return None if budget.max_bytes is None else max(budget.max_bytes - budget.total_bytes, 0)


ANSWERS = Answers(_room_bytes)


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
        known = self._new_keys
        answer = self._cached(*arguments, **options)
        if self._new_keys != known:
            ANSWERS.make_room()
        if self._new_keys > KEYS_PER_FUNCTION:
            self.clear()
        return answer

    def clear(self) -> None:
        """Drop all cached results of this function."""
        with self._lock:
            self._new_keys = 0
        self._cached.clear()  # type: ignore[attr-defined]


def remembered(
    seconds: float, hash_funcs: dict[Any, Callable[[Any], Any]] | None = None
) -> Callable[[Callable[P, T]], Remembered[P, T]]:
    """Decorate a function whose results may be this old."""
    return lambda function: Remembered(function, seconds, hash_funcs)


class CachedQuery(Generic[P, T]):
    """A cached query; `fresh` is the query itself, without the cache.

    The key contains the creator, the arguments and the edition, so a refresh or an event shows at
    once; the time limit only bounds memory and age. The value carries its creator, checked on every
    hit. Between this process and the database is Redis, shared by all processes.
    """

    def __init__(self, query: Query[P, T]) -> None:
        update_wrapper(self, query)
        self.fresh = query
        self._name = f"{query.__module__}.{query.__qualname__}"
        self._signature = inspect.signature(query)
        self._told = lru_cache(maxsize=KNOWN_ARGUMENTS)(self._told_anew)

    def __call__(self, creator_id: UUID, /, *arguments: P.args, **options: P.kwargs) -> T:
        count_question()
        owner, answer = self._remembered(creator_id, arguments, options)
        if owner != creator_id:
            raise ForeignAnswer(f"{self.fresh.__qualname__} answered for another creator")
        return answer

    def _remembered(self, creator_id: UUID, arguments: tuple[Any, ...], options: dict[str, Any]) -> tuple[UUID, T]:
        """The creator, and the result."""
        told = self._told(arguments, tuple(options.items()))
        compute = partial(self.fresh, creator_id, *arguments, **options)
        if chosen := chosen_edition(creator_id):
            return self._of_edition(chosen, told, compute)
        with one_look() as looks:
            while True:
                try:
                    return self._of_edition(looks.edition(creator_id), told, looks.confirmed(creator_id, compute))
                except MovedOn:
                    continue  # the look has the newer edition now, and its transaction is open

    def _of_edition(self, current: Edition, told: str, compute: Callable[[], T]) -> tuple[UUID, T]:
        key = (self, current, told, level())
        held = ANSWERS.found(key) or self._computed(key, current, told, compute)
        return held.owner, held.again()

    def _computed(self, key: Hashable, current: Edition, told: str, compute: Callable[[], T]) -> Held[T]:
        """Compute once in this process, and with Redis once over all processes."""
        with ANSWERS.turn(key):
            if held := ANSWERS.found(key):
                return held
            question = Question(self._name, current.creator_id, _parts(current, told), self._types)
            return ANSWERS.keep(key, current.creator_id, shared(question, compute), FIVE_MINUTES)

    def _told_anew(self, arguments: tuple[Any, ...], options: tuple[tuple[str, Any], ...]) -> str:
        """The arguments as text; equivalent calls give the same text."""
        bound = self._signature.bind_partial(None, *arguments, **dict(options))
        bound.apply_defaults()
        return canonical({name: packed(value, []) for name, value in list(bound.arguments.items())[1:]})

    @cached_property
    def _types(self) -> Types:
        return answer_types(self.fresh)


def cached_query(query: Query[P, T]) -> CachedQuery[P, T]:
    """Cache a query's results for at most five minutes: in this process and, with REDIS_URL, for all."""
    return CachedQuery(query)


def forget_everything() -> None:
    """Clear this process's cache, as if it had just started."""
    ANSWERS.clear()
    st.cache_data.clear()


def _parts(current: Edition, told: str) -> str:
    """What the result depends on besides query and creator."""
    clock = current.fixed_now.isoformat() if current.fixed_now else ""
    of = [level().course, level().run]
    return canonical(
        {"asked": told, "of": of, "version": current.version, "time": current.five_minutes, "clock": clock}
    )
