"""The one clock. `dashboard_now()` is its twin in SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from database.settings import settings

_as_of: ContextVar[datetime | None] = ContextVar("as_of", default=None)


def now() -> datetime:
    """The time that `as_of` says, else the fixed time of DASHBOARD_NOW, else the real one; always in UTC."""
    return (fixed_now() or datetime.now(UTC)).astimezone(UTC)


def fixed_now() -> datetime | None:
    """The time at which the clock stands still; None where it runs."""
    return _as_of.get() or settings().fixed_now


@contextmanager
def as_of(instant: datetime) -> Iterator[None]:
    """Ask the dashboard as it stood at this instant: "the last 7 days" end there, in every query.

    So a report about a past week needs no figure of its own. For reading only.
    """
    token = _as_of.set(instant)
    try:
        yield
    finally:
        _as_of.reset(token)
