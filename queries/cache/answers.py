"""This process's cache, bounded in bytes; callers cannot change each other's results."""

import pickle
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

import numpy as np
import pandas as pd

T = TypeVar("T")

PATIENCE_SECONDS = 3.0  # the computing thread may wait for a connection that we hold; then we compute ourselves
ENTRY_BYTES = 1_000  # a key with its place in the order
FRAME_BYTES = 4_000  # a frame without a row
UUID_BYTES = 100
UNCHANGING = (str, bytes, bool, int, float, type(None), UUID, date)  # a timestamp counts as a date


@dataclass(frozen=True)
class Held(Generic[T]):
    """A cached result, its creator, and how to copy it."""

    owner: UUID
    again: Callable[[], T]
    size_bytes: int
    until: float


class Answers:
    """Results by key, dropping the least recently used first; thread-safe."""

    def __init__(self, room_bytes: Callable[[], int | None]) -> None:
        self._room_bytes = room_bytes  # the current limit for results; None: no limit
        self._held: OrderedDict[Hashable, Held[Any]] = OrderedDict()
        self._held_bytes = 0
        self._turns: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    @property
    def held_bytes(self) -> int:
        with self._lock:
            return self._held_bytes

    def found(self, key: Hashable) -> Held[Any] | None:
        """The cached result with this key."""
        with self._lock:
            held = self._held.get(key)
            if held is None or held.until < time.monotonic():
                return None
            self._held.move_to_end(key)
            return held

    def keep(self, key: Hashable, owner: UUID, answer: T, seconds: float) -> Held[T]:
        """Cache the result for a limited time, and drop what no longer fits."""
        again, size_bytes = handed_out(answer)
        held = Held(owner, again, ENTRY_BYTES + size_bytes, time.monotonic() + seconds)
        with self._lock:
            self._drop(key)
            self._held[key] = held
            self._held_bytes += held.size_bytes
        self.make_room()
        return held

    def make_room(self) -> None:
        """Drop what is outdated or exceeds the limit; the newest result stays, however large."""
        room, now = self._room_bytes(), time.monotonic()
        with self._lock:
            while self._held:
                oldest = next(iter(self._held))
                is_too_much = room is not None and self._held_bytes > room and len(self._held) > 1
                if not is_too_much and self._held[oldest].until >= now:
                    return
                self._drop(oldest)

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._held.clear()
            self._held_bytes = 0

    @contextmanager
    def turn(self, key: Hashable) -> Iterator[None]:
        """One thread computes a key while the others wait, for a while."""
        with self._lock:
            turn = self._turns.setdefault(key, threading.Lock())
        is_mine = turn.acquire(timeout=PATIENCE_SECONDS)
        try:
            yield
        finally:
            if is_mine:
                with self._lock:
                    self._turns.pop(key, None)
                turn.release()

    def _drop(self, key: Hashable) -> None:
        held = self._held.pop(key, None)
        if held is not None:
            self._held_bytes -= held.size_bytes


def handed_out(answer: T) -> tuple[Callable[[], T], int]:
    """How to copy the result for a caller that may change it, and its size in bytes.

    Immutable values are not copied; a frame is copied on write; anything else is pickled.
    """
    copies = _copies(answer)
    if copies is not None:
        return copies, _size(answer)
    pickled = pickle.dumps(answer)
    return lambda: pickle.loads(pickled), len(pickled)  # noqa: S301  # our own, never out of this process


def _copies(value: Any) -> Callable[[], Any] | None:
    """A function that copies; None if there is no simple one."""
    if _is_unchanging(value):
        return lambda: value
    if type(value) is pd.DataFrame:
        return _copies_of_frame(value)
    if type(value) is list:
        return value.copy if all(map(_is_unchanging, value)) else None
    if type(value) is dict:
        return value.copy if all(map(_is_unchanging, value.values())) else None
    return _copies_of_object(value) if _is_frozen(value) else None


def _copies_of_frame(frame: pd.DataFrame) -> Callable[[], pd.DataFrame] | None:
    """Lists in cells are copied immediately, everything else on write."""
    lists: dict[int, list[Callable[[], Any]]] = {}
    for place in _object_columns(frame):
        cells = frame.iloc[:, place].tolist()
        if not all(map(_is_unchanging, cells)):
            copies = [_copies(cell) for cell in cells]
            lists[place] = [copy for copy in copies if copy is not None]
            if len(lists[place]) < len(cells):
                return None
    if not lists:
        return lambda: frame.copy(deep=False)
    return lambda: _with_cells(frame.copy(deep=False), lists)


def _with_cells(frame: pd.DataFrame, columns: dict[int, list[Callable[[], Any]]]) -> pd.DataFrame:
    for place, copies in columns.items():
        cells = np.empty(len(copies), dtype=object)
        for row, copy in enumerate(copies):  # in one step, lists of equal length would become a table
            cells[row] = copy()
        frame.isetitem(place, cells)
    return frame


def _copies_of_object(value: Any) -> Callable[[], Any] | None:
    made = {name: _copies(part) for name, part in _parts(value).items() if not _is_unchanging(part)}
    known = {name: copies for name, copies in made.items() if copies is not None}
    return (lambda: replace(value, **{name: copy() for name, copy in known.items()})) if known == made else None


def _is_unchanging(value: Any) -> bool:
    if isinstance(value, UNCHANGING):
        return True
    if type(value) in (tuple, frozenset):
        return all(map(_is_unchanging, value))
    return _is_frozen(value) and all(map(_is_unchanging, _parts(value).values()))


def _is_frozen(value: Any) -> bool:
    return is_dataclass(value) and bool(getattr(value, "__dataclass_params__").frozen)  # noqa: B009  # for mypy


def _size(value: Any) -> int:
    if isinstance(value, UUID):
        return UUID_BYTES
    if type(value) is pd.DataFrame:
        return FRAME_BYTES + int(value.memory_usage().sum()) + sum(_size(cell) for cell in _cells(value))
    if type(value) in (tuple, list, frozenset):
        return sys.getsizeof(value) + sum(_size(item) for item in value)
    if type(value) is dict:
        return sys.getsizeof(value) + sum(_size(key) + _size(item) for key, item in value.items())
    if is_dataclass(value):
        return sys.getsizeof(value) + sum(_size(part) for part in _parts(value).values())
    return sys.getsizeof(value)


def _cells(frame: pd.DataFrame) -> Iterator[Any]:
    """The cells that are Python objects: all others are stored in the column itself."""
    for place in _object_columns(frame):
        yield from frame.iloc[:, place]


def _object_columns(frame: pd.DataFrame) -> list[int]:
    return [place for place, kind in enumerate(frame.dtypes) if isinstance(kind, np.dtype) and kind.hasobject]


def _parts(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}
