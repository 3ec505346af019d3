"""The two ways to the database: a transaction that sees one creator, and one that sees the directory."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, text

from database.clock import fixed_now
from database.engine import engine
from database.errors import FiguresBeingBuilt

PAGE_SECONDS = 2.0
JOB_SECONDS = 60.0

APPLICATION, PLATFORM = "dashboard_app", "dashboard_platform"
NO_CREATOR = ""

# Text and not set_config(): on a cluster the former reaches every machine, the latter the one that is asked.
# Several statements in one text are one round trip, and parameters are not possible: each value is checked below.
ENTER = (
    "set local role {role}; "
    "set local app.creator_id = '{creator_id}'; "
    "set local app.now = '{fixed_now}'; "
    "set local statement_timeout = {milliseconds}; "
    "set local timezone = 'UTC'; "
    "set local jit = off"  # compiling takes longer than these statements, which are estimated far too dear
)
LONGEST_LIMIT = 2_147_483_647  # milliseconds: what the server can count

# A cursor's first rows matter no more than its last: plan for all of them.
SNAPSHOT = text("set transaction isolation level repeatable read, read only")
ALL_ROWS = text("set local cursor_tuple_fraction = 1")
UNBUILT = text(
    """
    -- One row where figures are being built and none are shown.
    select
        building.students_built,
        building.students_to_build
    from creator_generations as building
    where
        building.creator_id = :creator_id
        and building.state = 'building'
        and not exists (
            select
            from creator_generations as shown
            where
                shown.creator_id = :creator_id
                and shown.state = 'shown'
        )
    """
)
TELL_TIME = "set local app.now = '{fixed_now}'"


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
        _enter(connection, APPLICATION, _checked(creator_id), limit_seconds)
        yield connection


@contextmanager
def tenant_snapshot_tx(creator_id: UUID, limit_seconds: float = JOB_SECONDS) -> Iterator[Connection]:
    """Open a transaction in which everything read of the creator is of one instant, however long it takes.

    REPEATABLE READ and read only. Every query inside reads the same state, by `reading_tx`; so all figures
    of a file or a report agree. `tenant_tx` stays a transaction of its own. The limit holds for each
    statement, and so for each batch of rows fetched from a cursor. Raises FiguresBeingBuilt while there are none.
    """
    with engine().begin() as connection:
        connection.execute(SNAPSHOT)
        _enter(connection, APPLICATION, _checked(creator_id), limit_seconds)
        connection.execute(ALL_ROWS)
        must_have_figures(connection, creator_id)
        token = _snapshot.set(OpenSnapshot(creator_id, connection, fixed_now()))
        try:
            yield connection
        finally:
            _snapshot.reset(token)


def must_have_figures(connection: Connection, creator_id: UUID) -> None:
    """Raise FiguresBeingBuilt while every figure of the creator is built anew and there are no old ones to show."""
    row = connection.execute(UNBUILT, {"creator_id": creator_id}).one_or_none()
    if row:
        raise FiguresBeingBuilt(row.students_built, row.students_to_build)


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
def reading_together(creator_id: UUID) -> Iterator[None]:
    """What the block reads of the creator is of one instant: of the snapshot that is open, or of its own."""
    opened = _snapshot.get()
    if opened and opened.creator_id == creator_id:
        yield
        return
    with tenant_snapshot_tx(creator_id, limit_seconds=PAGE_SECONDS):
        yield


@contextmanager
def platform_tx(limit_seconds: float = PAGE_SECONDS) -> Iterator[Connection]:
    """Open a transaction that sees the directory (creators, accounts, freshness) and no learner data."""
    with engine().begin() as connection:
        _enter(connection, PLATFORM, NO_CREATOR, limit_seconds)
        yield connection


def _tell_time(opened: OpenSnapshot) -> None:
    """An `as_of` may have begun or ended since the snapshot was opened."""
    if opened.told != fixed_now():
        opened.told = fixed_now()
        opened.connection.exec_driver_sql(TELL_TIME.format(fixed_now=_written(opened.told)))


def _enter(connection: Connection, role: str, creator_id: str, limit_seconds: float) -> None:
    connection.exec_driver_sql(
        ENTER.format(
            role=role,
            creator_id=creator_id,
            fixed_now=_written(fixed_now()),
            milliseconds=_milliseconds(limit_seconds),
        )
    )


def _checked(creator_id: UUID) -> str:
    """The id as it may stand in a statement: read as a number and written anew, whatever was handed over."""
    return str(UUID(int=UUID(str(creator_id)).int))


def _written(fixed: datetime | None) -> str:
    if fixed is None:
        return ""
    if not isinstance(fixed, datetime) or fixed.utcoffset() is None:  # whatever its type says
        raise ValueError(f"{fixed!r} is no instant: a time zone is missing.")
    utc = fixed.astimezone(UTC)
    return datetime.combine(utc.date(), utc.time(), UTC).isoformat()  # of a subclass, too


def _milliseconds(limit_seconds: float) -> int:
    """At least 1: the server takes 0 for "without a limit"."""
    return min(max(int(limit_seconds * 1000), 1), LONGEST_LIMIT)
