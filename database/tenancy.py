"""The two ways to the database: a transaction that sees one creator, and one that sees the directory."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from database.clock import fixed_now
from database.engine import engine

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

# A cursor's first rows matter no more than its last: plan for all of them.
SNAPSHOT = text("set transaction isolation level repeatable read, read only")
ALL_ROWS = text("set local cursor_tuple_fraction = 1")
TELL_TIME = text("select set_config('app.now', :fixed_now, true)")


@dataclass
class OpenSnapshot:
    """The transaction that `reading_tx` joins, and the time that it was last told."""

    creator_id: UUID
    connection: Connection
    told: datetime | None


_snapshot: ContextVar[OpenSnapshot | None] = ContextVar("snapshot", default=None)


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
def tenant_snapshot_tx(creator_id: UUID, limit_seconds: float = JOB_SECONDS) -> Iterator[Connection]:
    """Open a transaction in which everything read of the creator is of one instant, however long it takes.

    REPEATABLE READ and read only. Every query inside reads the same state, by `reading_tx`; so all figures
    of a file or a report agree. `tenant_tx` stays a transaction of its own. The limit holds for each
    statement, and so for each batch of rows fetched from a cursor.
    """
    with engine().begin() as connection:
        connection.execute(SNAPSHOT)
        _enter(connection, "dashboard_app", str(creator_id), limit_seconds)
        connection.execute(ALL_ROWS)
        token = _snapshot.set(OpenSnapshot(creator_id, connection, fixed_now()))
        try:
            yield connection
        finally:
            _snapshot.reset(token)


@contextmanager
def reading_tx(creator_id: UUID) -> Iterator[Connection]:
    """The creator's open snapshot at the time of the clock, or a `tenant_tx` where there is none."""
    opened = _snapshot.get()
    if opened and opened.creator_id == creator_id:
        _tell_time(opened)
        yield opened.connection
        return
    with tenant_tx(creator_id) as connection:
        yield connection


@contextmanager
def platform_tx(limit_seconds: float = PAGE_SECONDS) -> Iterator[Connection]:
    """Open a transaction that sees the directory (creators, accounts, freshness) and no learner data."""
    with engine().begin() as connection:
        _enter(connection, "dashboard_platform", "", limit_seconds)
        yield connection


def _tell_time(opened: OpenSnapshot) -> None:
    """An `as_of` may have begun or ended since the snapshot was opened."""
    if opened.told != fixed_now():
        opened.told = fixed_now()
        opened.connection.execute(TELL_TIME, {"fixed_now": _written(opened.told)})


def _enter(connection: Connection, role: str, creator_id: str, limit_seconds: float) -> None:
    connection.execute(
        ENTER,
        {
            "role": role,
            "creator_id": creator_id,
            "fixed_now": _written(fixed_now()),
            "milliseconds": str(int(limit_seconds * 1000)),
        },
    )


def _written(fixed: datetime | None) -> str:
    return fixed.isoformat() if fixed else ""
