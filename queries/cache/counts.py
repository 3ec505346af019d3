"""The hits of each cache level, in this process since it started."""

import threading
from collections import Counter
from typing import Literal

Level = Literal["process", "redis", "database"]
LEVELS: tuple[Level, ...] = ("process", "redis", "database")

_lock = threading.Lock()
_asked = 0
_counted: Counter[Level] = Counter()


def count_question() -> None:
    """A query was called; if no other level is counted for it, it was in this process's cache."""
    global _asked
    with _lock:
        _asked += 1


def count(level: Level) -> None:
    """The result came from Redis, or from the database."""
    with _lock:
        _counted[level] += 1


def answers_by_level() -> dict[Level, int]:
    """How many results came from this process, from Redis and from the database."""
    with _lock:
        elsewhere = _counted["redis"] + _counted["database"]
        return {
            "process": max(_asked - elsewhere, 0),
            "redis": _counted["redis"],
            "database": _counted["database"],
        }
