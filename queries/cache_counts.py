"""How often each level of the cache had the answer, in this process since it started."""

import threading
from collections import Counter
from typing import Literal

Level = Literal["process", "redis", "database"]
LEVELS: tuple[Level, ...] = ("process", "redis", "database")

_lock = threading.Lock()
_asked = 0
_counted: Counter[Level] = Counter()


def count_question() -> None:
    """A query was called; where no other level is counted for it, this process remembered the answer."""
    global _asked
    with _lock:
        _asked += 1


def count(level: Level) -> None:
    """Redis had the answer, or the database computed it."""
    with _lock:
        _counted[level] += 1


def answers_by_level() -> dict[Level, int]:
    """How many answers came from this process, from Redis and from the database."""
    with _lock:
        elsewhere = _counted["redis"] + _counted["database"]
        return {
            "process": max(_asked - elsewhere, 0),
            "redis": _counted["redis"],
            "database": _counted["database"],
        }
