"""The two ways to the database: a transaction that sees one creator, and one that sees the directory."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import psycopg2
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from database.clock import fixed_now
from database.engine import engine
from database.levels import Level, level
from database.seldom import SeldomTold
from rules.errors import FiguresBeingBuilt, InputError

PAGE_SECONDS = 2.0
JOB_SECONDS = 60.0

APPLICATION, PLATFORM = "dashboard_app", "dashboard_platform"
NO_CREATOR = ""
LATE_ROW = "AR001"  # raised by database/objects/core/archive/closed_keys.sql

# Text rather than set_config(): on a cluster the former reaches every machine, the latter only the one that is asked.
# Several statements in one text are one round trip, which rules out parameters: each value is checked below.
ENTER = (
    "set local role {role}; "
    "set local app.creator_id = '{creator_id}'; "
    "set local app.now = '{fixed_now}'; "
    "{chosen_level}; "
    "set local statement_timeout = {milliseconds}; "
    "set local timezone = 'UTC'; "
    "set local jit = off"  # compiling takes longer than these statements, whose cost is estimated far too high
)
LONGEST_LIMIT = 2_147_483_647  # milliseconds: the server's maximum

READ_ONE_INSTANT = "set transaction isolation level repeatable read, read only; "
# A cursor's first rows matter no more than its last ones: plan for all of them.
ALL_ROWS = text("set local cursor_tuple_fraction = 1")
UNBUILT = text(
    """
    -- One row if figures are being built and none are shown.
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
CHOOSE_LEVEL = "set local app.course = {course}; set local app.course_id = '{course_id}'; set local app.run = {run}"
TELL = "set local app.now = '{fixed_now}'; {chosen_level}"


logger = logging.getLogger(__name__)
READ_LATE = SeldomTold(logger)


@dataclass
class OpenSnapshot:
    """The transaction that `reading_tx` joins, and the time and level last set in it."""

    creator_id: UUID
    connection: Connection
    told: tuple[datetime | None, Level]


_snapshot: ContextVar[OpenSnapshot | None] = ContextVar("snapshot", default=None)


class Reading:
    """What one page run or request reads: all of it in one transaction, at one instant.

    The first query opens the transaction, REPEATABLE READ and read only; `close` ends it. It is scoped to a creator or
    to
    the directory, as requested: the role is changed between two queries. Anything that opens a transaction of its
    own, to write or to wait, closes this one first: no thread holds one connection and asks for another.
    """

    def __init__(self) -> None:
        self.instant = 0  # how many transactions were opened; each reads at another instant
        self.is_over = False  # whether a page is already drawing, and should read no more
        self._connection: Connection | None = None
        self._entered: tuple[str, str, datetime | None, Level] | None = None

    @property
    def is_open(self) -> bool:
        return self._connection is not None

    @contextmanager
    def asking(self, role: str, creator_id: str) -> Iterator[Connection]:
        """The transaction, in this role; after a database error the next query opens another one."""
        try:
            yield self._connection_as(role, creator_id)
        except DBAPIError:
            self.close()
            raise

    def close(self) -> None:
        """End the transaction, if there is one."""
        connection, self._connection, self._entered = self._connection, None, None
        if connection is not None:
            connection.close()

    def end(self) -> None:
        """End the transaction: everything is read. Later queries still get an answer, but are named in the log."""
        self.close()
        self.is_over = True

    def resume(self) -> None:
        """Allow reading again, until the next `end`."""
        self.is_over = False

    def _connection_as(self, role: str, creator_id: str) -> Connection:
        entered, first = (role, creator_id, fixed_now(), level()), ""
        if self._connection is None:
            if self.is_over:
                READ_LATE.met("a page reads while it draws; it should gather before")
            self._connection, first = engine().connect(), READ_ONE_INSTANT
            self.instant += 1
        if entered != self._entered:
            _enter(self._connection, role, creator_id, PAGE_SECONDS, first)
            self._entered = entered
        return self._connection


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def tenant_tx(creator_id: UUID, limit_seconds: float = PAGE_SECONDS) -> Iterator[Connection]:
    """Open a transaction as the application role, scoped to one creator.

    All settings are local to the transaction: behind a pooler in transaction mode a
    session-level setting would reach the next client. Without a creator, row level
    security shows no rows. A statement that runs longer than the limit is cancelled.
    Raises InputError, in the database's words, for a row that belongs to an archived conversation or day.
    """
    close_reading()
    try:
        with engine().begin() as connection:
            _enter(connection, APPLICATION, _checked(creator_id), limit_seconds)
            yield connection
    except (DBAPIError, psycopg2.Error) as error:
        refused = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(refused, psycopg2.Error) and refused.pgcode == LATE_ROW:
            raise InputError(refused.diag.message_primary) from error
        raise


@contextmanager
def tenant_snapshot_tx(creator_id: UUID, limit_seconds: float = JOB_SECONDS) -> Iterator[Connection]:
    """Open a transaction in which everything read of the creator is from one instant, however long it takes.

    REPEATABLE READ and read only. Every query inside reads the same state, through `reading_tx`, so all figures
    of a file or a report agree. `tenant_tx` remains a separate transaction. The limit applies to each
    statement, and so to each batch of rows fetched from a cursor. Raises FiguresBeingBuilt while there are none.
    """
    close_reading()
    with engine().begin() as connection:
        _enter(connection, APPLICATION, _checked(creator_id), limit_seconds, first=READ_ONE_INSTANT)
        connection.execute(ALL_ROWS)
        must_have_figures(connection, creator_id)
        token = _snapshot.set(OpenSnapshot(creator_id, connection, (fixed_now(), level())))
        try:
            yield connection
        finally:
            _snapshot.reset(token)


def must_have_figures(connection: Connection, creator_id: UUID) -> None:
    """Raise FiguresBeingBuilt while all figures of the creator are being rebuilt and there are no old ones to show."""
    row = connection.execute(UNBUILT, {"creator_id": creator_id}).one_or_none()
    if row:
        raise FiguresBeingBuilt(row.students_built, row.students_to_build)


@contextmanager
def reading_tx(creator_id: UUID) -> Iterator[Connection]:
    """The creator's open snapshot, set to the current time and level; else the current reading, or a `tenant_tx`."""
    opened = _snapshot.get()
    if opened and opened.creator_id == creator_id:
        _tell(opened)
        yield opened.connection
        return
    reading = _reading.get()
    with reading.asking(APPLICATION, _checked(creator_id)) if reading else tenant_tx(creator_id) as connection:
        yield connection


@contextmanager
def directory_tx() -> Iterator[Connection]:
    """For reading the directory: the current reading, or a `platform_tx` if there is none."""
    reading = _reading.get()
    with reading.asking(PLATFORM, NO_CREATOR) if reading else platform_tx() as connection:
        yield connection


@contextmanager
def one_reading() -> Iterator[Reading]:
    """Everything the block reads is from one instant, in at most one transaction; nested blocks share it."""
    known = _reading.get()
    if known is not None:
        yield known
        return
    reading = Reading()
    token = _reading.set(reading)
    try:
        yield reading
    finally:
        _reading.reset(token)
        reading.close()


def close_reading() -> None:
    """Before another connection is requested: end the transaction of the current reading."""
    if (reading := _reading.get()) is not None:
        reading.close()


@contextmanager
def reading_together(creator_id: UUID) -> Iterator[None]:
    """What the block reads of the creator is from one instant: in the open snapshot, or in one of its own."""
    opened = _snapshot.get()
    if (opened and opened.creator_id == creator_id) or _reading.get():
        yield
        return
    with tenant_snapshot_tx(creator_id, limit_seconds=PAGE_SECONDS):
        yield


@contextmanager
def platform_tx(limit_seconds: float = PAGE_SECONDS) -> Iterator[Connection]:
    """Open a transaction that sees the directory (creators, accounts, freshness) and no learner data."""
    close_reading()
    with engine().begin() as connection:
        _enter(connection, PLATFORM, NO_CREATOR, limit_seconds)
        yield connection


def _tell(opened: OpenSnapshot) -> None:
    """An `as_of` or an `at_level` may have begun or ended since the snapshot was opened."""
    now = (fixed_now(), level())
    if opened.told != now:
        opened.told = now
        opened.connection.exec_driver_sql(TELL.format(fixed_now=_written(fixed_now()), chosen_level=_chosen_level()))


def _enter(connection: Connection, role: str, creator_id: str, limit_seconds: float, first: str = "") -> None:
    connection.exec_driver_sql(
        first
        + ENTER.format(
            role=role,
            creator_id=creator_id,
            fixed_now=_written(fixed_now()),
            chosen_level=_chosen_level(),
            milliseconds=_milliseconds(limit_seconds),
        )
    )


def _checked(creator_id: UUID) -> str:
    """The id as it may appear in a statement: parsed as a number and written again, whatever was passed in."""
    return str(UUID(int=UUID(str(creator_id)).int))


def _chosen_level() -> str:
    """The current level as it may appear in a statement: numbers and an id, each written again."""
    chosen = level()
    return CHOOSE_LEVEL.format(
        course=int(chosen.course),
        course_id=_checked(chosen.course_id) if chosen.course_id is not None else "",
        run=int(chosen.run),
    )


def _written(fixed: datetime | None) -> str:
    if fixed is None:
        return ""
    if not isinstance(fixed, datetime) or fixed.utcoffset() is None:  # whatever its type claims
        raise ValueError(f"{fixed!r} is not a time: its zone is missing.")
    utc = fixed.astimezone(UTC)
    return datetime.combine(utc.date(), utc.time(), UTC).isoformat()  # even of a subclass


def _milliseconds(limit_seconds: float) -> int:
    """At least 1: the server takes 0 to mean "without a limit"."""
    return min(max(int(limit_seconds * 1000), 1), LONGEST_LIMIT)
