"""Refreshing, rebuilding, loading in bulk."""

import io
from collections.abc import Callable
from contextlib import closing
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from benchmarks.measuring import Timing, once, timed
from database.bulk import upsert_rows
from database.clock import now
from database.refresh import rebuild, refresh
from database.tenancy import JOB_SECONDS, tenant_tx

BULK_ROWS = 100_000
BULK_SECONDS = 600.0
COLUMNS = ("creator_id", "id", "student_id", "kind", "occurred_at")
SOME_STUDENTS = text("select id from students order by id limit 1000")
VISIT = text(
    """
    insert into activity_events (creator_id, student_id, kind, occurred_at)
    select creator_id, id, 'login', dashboard_now()
    from students
    where deleted_at is null
    order by id
    limit 1
    """
)
EMPTY_COPY_OF_EVENTS = "create temporary table bare on commit drop as select {} from activity_events limit 0"

Event = tuple[UUID, UUID, UUID, str, str]
Load = Callable[[Connection, list[Event]], object]


def refresh_of_one_visit(creator_id: UUID) -> Timing:
    """A refresh after one student's new activity."""
    refresh(creator_id)
    return timed(lambda: refresh(creator_id), 10, before_each=lambda: _visit(creator_id))


def refresh_of_nothing(creator_id: UUID) -> Timing:
    return timed(lambda: refresh(creator_id), 10)


def full_rebuild(creator_id: UUID) -> Timing:
    """Recalculate everything from the source tables, within JOB_SECONDS."""
    return once(lambda: rebuild(creator_id))


def bulk_upsert(creator_id: UUID) -> Timing:
    """`upsert_rows` of new events: row level security, foreign keys, indexes, stale marks."""
    return _rolled_back(
        creator_id, lambda connection, events: upsert_rows(connection, "activity_events", COLUMNS, events)
    )


def bare_copy(creator_id: UUID) -> Timing:
    """The same rows by COPY into a table without keys."""
    return _rolled_back(creator_id, _copy)


def _visit(creator_id: UUID) -> None:
    with tenant_tx(creator_id, limit_seconds=JOB_SECONDS) as connection:
        connection.execute(VISIT)


def _copy(connection: Connection, events: list[Event]) -> None:
    connection.execute(text("set local role none"))
    connection.execute(text(EMPTY_COPY_OF_EVENTS.format(", ".join(COLUMNS))))
    lines = io.StringIO("".join("\t".join(map(str, event)) + "\n" for event in events))
    with closing(connection.connection.cursor()) as cursor:
        cursor.copy_expert(f"copy bare ({', '.join(COLUMNS)}) from stdin", lines)


def _rolled_back(creator_id: UUID, load: Load) -> Timing:
    """Time a load of new events, then roll it back."""
    with tenant_tx(creator_id, limit_seconds=BULK_SECONDS) as connection:
        events = _events(connection, creator_id)
        timing = once(lambda: load(connection, events))
        connection.rollback()
    return timing


def _events(connection: Connection, creator_id: UUID) -> list[Event]:
    students = connection.execute(SOME_STUDENTS).scalars().all()
    instant = now().isoformat()
    return [(creator_id, uuid4(), students[place % len(students)], "login", instant) for place in range(BULK_ROWS)]
