"""The one clock. Its counterpart in SQL is `dashboard_now()`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from database.settings import settings

_as_of: ContextVar[datetime | None] = ContextVar("as_of", default=None)


def now() -> datetime:
    """The time set by `as_of`, otherwise the fixed time of DASHBOARD_NOW, otherwise the real one; always in UTC."""
    return (fixed_now() or datetime.now(UTC)).astimezone(UTC)


def fixed_now() -> datetime | None:
    """The fixed time of the clock; None if it is running."""
    return _as_of.get() or settings().fixed_now


@contextmanager
def as_of(instant: datetime) -> Iterator[None]:
    """Read the dashboard as of this time: "the last 7 days" end there, in every query.

    A report about a past week therefore needs no figures of its own. For reading only.
    """
    token = _as_of.set(instant)
    try:
        yield
    finally:
        _as_of.reset(token)
