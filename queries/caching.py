"""How long an answer is remembered, and for whom."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import update_wrapper, wraps
from typing import Concatenate, Generic, ParamSpec, TypeVar
from uuid import UUID

import streamlit as st

from database.settings import settings
from database.versions import data_version

P = ParamSpec("P")
T = TypeVar("T")
Query = Callable[Concatenate[UUID, P], T]

FIVE_MINUTES = 300
ENTRIES_PER_QUERY = 2_000  # about 200 creators x 10 filter settings

# Outside the app (commands, reports, tests) the cache works the same, and says so once per query.
logging.getLogger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)


class ForeignAnswer(RuntimeError):
    """The cache returned another creator's answer; it is never shown."""


class CachedQuery(Generic[P, T]):
    """A query whose answers are remembered; `fresh` is the query itself, which asks the database.

    The key holds the creator, the arguments, the creator's data version and the fixed clock, so
    a refresh or an event shows at once; the time limit only bounds memory and age. The value
    carries its creator, checked on every hit. A level shared by all processes belongs between
    `_remembered` and the query.
    """

    def __init__(self, query: Query[P, T]) -> None:
        update_wrapper(self, query)
        self.fresh = query
        self._remembered = _remembered(query)

    def __call__(self, creator_id: UUID, /, *arguments: P.args, **options: P.kwargs) -> T:
        version, clock = data_version(creator_id), settings().fixed_now
        owner, answer = self._remembered(creator_id, version, clock, *arguments, **options)
        if owner != creator_id:
            raise ForeignAnswer(f"{self.fresh.__qualname__} answered for another creator")
        return answer


def cached_query(query: Query[P, T]) -> CachedQuery[P, T]:
    """Remember a query's answers in this process, for five minutes at most."""
    return CachedQuery(query)


def _remembered(query: Query[P, T]) -> Callable[..., tuple[UUID, T]]:
    # `wraps` is load-bearing: st.cache_data tells functions apart by name and source, and
    # without it every decorated query would share one cache and answer for the others.
    @wraps(query)
    def labelled(
        creator_id: UUID, version: int, clock: datetime | None, /, *arguments: P.args, **options: P.kwargs
    ) -> tuple[UUID, T]:
        del version, clock  # part of the key only
        return creator_id, query(creator_id, *arguments, **options)

    remembered: Callable[..., tuple[UUID, T]] = st.cache_data(
        ttl=FIVE_MINUTES, max_entries=ENTRIES_PER_QUERY, show_spinner=False
    )(labelled)
    return remembered
