"""The one clock. `dashboard_now()` is its twin in SQL."""

from datetime import UTC, datetime

from database.settings import settings


def now() -> datetime:
    """The fixed time of DASHBOARD_NOW if it is set, else the real one; always in UTC."""
    return (settings().fixed_now or datetime.now(UTC)).astimezone(UTC)
