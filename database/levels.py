"""The course and run whose figures are read: all of them by default."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Level:
    """A course and a run by their numbers in the keys of folds and sums (0: every one); the course also by its id."""

    course: int = 0
    run: int = 0
    course_id: UUID | None = None


EVERYTHING = Level()

_level: ContextVar[Level] = ContextVar("level", default=EVERYTHING)


def level() -> Level:
    """The level set by `at_level`, otherwise every course and run."""
    return _level.get()


@contextmanager
def at_level(chosen: Level) -> Iterator[None]:
    """Limit every query to this course and run. For reading only."""
    token = _level.set(chosen)
    try:
        yield
    finally:
        _level.reset(token)
