"""The two ways to the database: a transaction that sees one creator, and one that sees the directory."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, text

from database.clock import now
from database.engine import engine
from database.settings import settings

PAGE_SECONDS = 2.0
JOB_SECONDS = 60.0

ENTER = text(
    """
    select
        set_config('role', :role, true),
        set_config('app.creator_id', :creator_id, true),
        set_config('app.now', :fixed_now, true),
        set_config('statement_timeout', :milliseconds, true),
        set_config('timezone', 'UTC', true)
    """
)


@contextmanager
def tenant_tx(creator_id: UUID, limit_seconds: float = PAGE_SECONDS) -> Iterator[Connection]:
    """Open a transaction as the application role, scoped to one creator.

    All settings are local to the transaction: behind a pooler in transaction mode a
    session-level setting would reach the next client. Without a creator, row level
    security shows no rows. A statement that runs longer than the limit is cancelled.
    """
    with engine().begin() as connection:
        _enter(connection, "dashboard_app", str(creator_id), limit_seconds)
        yield connection


@contextmanager
def platform_tx(limit_seconds: float = PAGE_SECONDS) -> Iterator[Connection]:
    """Open a transaction that sees the directory (creators, accounts, freshness) and no learner data."""
    with engine().begin() as connection:
        _enter(connection, "dashboard_platform", "", limit_seconds)
        yield connection


def _enter(connection: Connection, role: str, creator_id: str, limit_seconds: float) -> None:
    connection.execute(
        ENTER,
        {
            "role": role,
            "creator_id": creator_id,
            "fixed_now": now().isoformat() if settings().fixed_now else "",
            "milliseconds": str(int(limit_seconds * 1000)),
        },
    )
