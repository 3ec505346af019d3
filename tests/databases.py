"""Databases that tests use one after the other: a copy of the template is emptied between two tests, not created again.

Creating one costs more than most tests do, and a new connection plans each statement and reads each function again. It
is reused only if nothing but rows is left of the test: the same catalogue, no other session, relations so small
that the planner considers them as large as those of a new database. After anything else, the test's database is
dropped.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError

from database.engine import engine
from tests.one_connection import two_connections

CONNECTIONS = 2  # the most that stay open: they take turns, and each has to learn every statement
MOMENTS, MOMENT_SECONDS = 20, 0.02
PAGES = 10  # of a relation that was never analyzed: the planner assumes this many if it has fewer

# All that a session may keep except its plans, and its locks.
FORGET = (
    "reset session authorization; reset all; close all; unlisten *; deallocate all; discard temp; discard sequences"
)
UNLOCK = "select pg_advisory_unlock_all()"

OURS = "(select oid from pg_database where datname = current_database())"

# Catalogues, and which of their rows are not PostgreSQL's own. Two belong to the whole server: other workers create
# databases next to this one.
CATALOGUES = {
    "pg_class": "oid >= 16384",
    "pg_attribute": "attrelid >= 16384",
    "pg_attrdef": "true",
    "pg_index": "indexrelid >= 16384",
    "pg_constraint": "oid >= 16384",
    "pg_trigger": "true",
    "pg_event_trigger": "true",
    "pg_policy": "true",
    "pg_rewrite": "oid >= 16384",
    "pg_proc": "oid >= 16384",
    "pg_type": "oid >= 16384",
    "pg_namespace": "nspname !~ '^pg_(toast_)?temp_'",  # empty, and stays for the next session that needs one
    "pg_extension": "true",
    "pg_default_acl": "true",
    "pg_statistic": "starelid >= 16384",
    "pg_statistic_ext": "true",
    "pg_largeobject_metadata": "true",
    "pg_db_role_setting": f"setdatabase = {OURS}",
    "pg_database": "datname = current_database()",
}
MEASURED = "select sum(hashtextextended(concat(oid, relpages, reltuples), 0)) from pg_class where oid >= 16384"
SESSIONS = """
    select count(*), count(*) filter (where state <> 'idle')
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type <> 'autovacuum worker'
"""
WRITTEN = f"""
    select
        oid::regclass::text,
        pg_relation_size(oid) + coalesce(pg_relation_size(nullif(reltoastrelid, 0)), 0)
            >= {PAGES} * current_setting('block_size')::integer
    from pg_class
    where
        relkind = 'r'
        and oid >= 16384
        and relnamespace <> 'information_schema'::regnamespace
        and pg_relation_size(oid) > 0
"""
SEQUENCES = "select setval(seqrelid::regclass, seqstart, false) from pg_sequence"


class Databases:
    """Copies of a template on a server, lent to one test or module at a time."""

    def __init__(self, server: URL, template: str) -> None:
        self._server = server
        self._template = template
        self._free: list[Copy] = []

    @contextmanager
    def lent(self) -> Iterator[URL]:
        """A migrated database without rows, at DATABASE_URL."""
        copy = self._free.pop() if self._free else Copy(self._server, self._template)
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("DATABASE_URL", copy.address.render_as_string(hide_password=False))
                yield copy.address
        finally:
            if copy.emptied():
                self._free.append(copy)
            else:
                copy.drop()

    def drop(self) -> None:
        for copy in self._free:
            copy.drop()


class Copy:
    """A copy of the template, with the application's pool for it, and a connection to look after it."""

    def __init__(self, server: URL, template: str) -> None:
        self._server = server
        self.address = create(server, f"template {template} strategy file_copy")
        self._keeper = connected(self.address)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DATABASE_URL", self.address.render_as_string(hide_password=False))
            self._pool = engine()
        self._kept = {name for name, _ in self._asked(WRITTEN)}
        self._schema = self._read_schema()
        self._is_reusable = self._asked("show is_superuser") == [("on",)]  # those who may write without triggers

    def emptied(self) -> bool:
        """Delete what the test wrote; False if something is left that cannot be deleted."""
        with suppress(psycopg2.Error, DBAPIError):
            return self._is_reusable and self._sessions_are_clean() and self._rows_are_gone()
        return False  # type: ignore[unreachable]

    def drop(self) -> None:
        self._pool.dispose()
        self._keeper.close()
        drop(self._server, self.address)

    def _sessions_are_clean(self) -> bool:
        if self._connections.checkedout():
            return False
        if self._connections.checkedin() > CONNECTIONS:
            self._pool.dispose()
        with two_connections():
            for _ in range(self._connections.checkedin()):
                _forget(self._pool)
        return any(self._are_only_ours() for _ in range(MOMENTS))

    @property
    def _connections(self) -> Any:
        return self._pool.pool

    def _are_only_ours(self) -> bool:
        """Whether nobody is connected except the pool, which is idle; a session that is just ending needs a moment."""
        if self._asked(SESSIONS) == [(self._connections.checkedin(), 0)]:
            return True
        time.sleep(MOMENT_SECONDS)
        return False

    def _rows_are_gone(self) -> bool:
        written = [row for row in self._asked(WRITTEN) if row[0] not in self._kept]
        if any(is_large for _, is_large in written) or self._read_schema() != self._schema:
            return False
        with self._keeper.cursor() as cursor:
            deletions = [f"delete from {name}" for name, _ in written]
            cursor.execute("; ".join(["set session_replication_role = replica", *deletions, SEQUENCES]))
        return True

    def _read_schema(self) -> list[tuple[Any, ...]]:
        """What distinguishes states of the catalogue and of the tables that are never emptied."""
        relations = CATALOGUES | dict.fromkeys(sorted(self._kept), "true")
        # Where a row is and who wrote it: any change of the row changes one of them.
        states = [
            f"select sum(hashtextextended(concat(ctid, xmin), 0)) from {relation} where {condition}"
            for relation, condition in relations.items()
        ]
        return self._asked(" union all ".join([MEASURED, *states]))

    def _asked(self, statement: str) -> list[tuple[Any, ...]]:
        with self._keeper.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()


def create(server: URL, options: str) -> URL:
    address = server.set(database=f"test_{uuid4().hex[:16]}")
    execute_on(
        server,
        f"create database {address.database} {options}",
        f"alter database {address.database} set synchronous_commit = off",
    )
    return address


def drop(server: URL, address: URL) -> None:
    execute_on(server, f"drop database {address.database} with (force)")


def execute_on(server: URL, *statements: str) -> None:
    connection = connected(server)
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()


def connected(address: URL) -> Any:
    connection = psycopg2.connect(
        address.set(drivername="postgresql").render_as_string(hide_password=False), connect_timeout=5
    )
    connection.autocommit = True
    return connection


def _forget(pool: Engine) -> None:
    """Make the pool's next connection like a new one, except for its plans."""
    connection = pool.raw_connection()
    try:
        with connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(FORGET)
            cursor.execute(UNLOCK)
        connection.commit()
    finally:
        connection.close()
