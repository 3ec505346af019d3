"""A database that was lent before is like a new one, or is not lent again."""

import psycopg2
import pytest
from sqlalchemy import URL, text

from database.engine import engine
from tests.builders import a_creator, a_student, a_watch
from tests.databases import Databases, connected, create, drop, execute_on

TABLES = """
    select relname from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not in ('alembic_version', 'time_zones')
"""


@pytest.fixture
def lending(server: URL, template: str):
    lending = Databases(server, template)
    yield lending
    lending.drop()


def test_rows_and_numbers_are_gone_and_connections_stay(lending: Databases) -> None:
    with lending.lent() as first:
        ada = a_student("Ada Moss")
        a_creator(ada, a_watch(ada))
        taken = next_number()
        session = told("select pg_backend_pid()")

    with lending.lent() as second:
        assert second == first
        assert told("select pg_backend_pid()") == session
        assert {table: told(f"select count(*) from {table}") for table in tables()} == dict.fromkeys(tables(), 0)
        assert next_number() == taken == 1
        assert a_creator(ada, a_watch(ada)).id


def test_what_a_session_was_told_is_forgotten(lending: Databases) -> None:
    with lending.lent() as first, engine().connect() as connection:
        connection.exec_driver_sql("set application_name = 'odd'; set search_path = pg_catalog; set role dashboard_app")
        connection.exec_driver_sql("select pg_advisory_lock(7); prepare odd as select 1")
        connection.commit()

    with lending.lent() as second, engine().connect() as connection:
        assert second == first
        assert connection.scalar(text("select count(*) from pg_locks where locktype = 'advisory'")) == 0
        assert connection.scalar(text("select count(*) from pg_prepared_statements")) == 0
        assert connection.scalar(text("select current_user")) == connection.scalar(text("select session_user"))
        assert connection.scalar(text("show application_name")) == "creator-dashboard"
        assert connection.scalar(text("show search_path")) == '"$user", public'


@pytest.mark.parametrize(
    "statement",
    [
        "create table odd (number integer)",
        "alter table students disable trigger user",
        "drop policy if exists odd on students; alter table students disable row level security",
        "grant select on students to public",
        "create or replace function dashboard_now() returns timestamptz language sql as 'select now()'",
        "delete from time_zones where name = (select min(name) from time_zones)",
        "analyze time_zones",
        "select lo_create(0)",
        "do $$ begin execute format('alter database %I set work_mem = 1000', current_database()); end $$",
        "insert into creators (name, timezone, subscription_tier)"
        " select name, 'UTC', 'pro' from generate_series(1, 3000) as name",
    ],
)
def test_whatever_is_more_than_a_few_rows_ends_the_database(lending: Databases, statement: str) -> None:
    with lending.lent() as first:
        execute_on(first, statement)

    with lending.lent() as second:
        assert second != first


def test_databases_that_others_make_end_none(lending: Databases, server: URL) -> None:
    with lending.lent() as first:
        address = create(server, "")
        drop(server, address)

    with lending.lent() as second:
        assert second == first


def test_whoever_is_still_connected_ends_the_database(lending: Databases) -> None:
    with lending.lent() as first:
        left = connected(first)
    with lending.lent() as second:
        assert second != first

    with pytest.raises(psycopg2.Error), left.cursor() as cursor:
        cursor.execute("select 1")


def test_a_connection_that_was_not_given_back_ends_the_database(lending: Databases) -> None:
    with lending.lent() as first:
        left = engine().connect()
    with lending.lent() as second:
        assert second != first
    left.invalidate()
    left.close()


def test_two_at_once_are_two(lending: Databases) -> None:
    with lending.lent() as first, lending.lent() as second:
        assert first != second


def tables() -> list[str]:
    with engine().connect() as connection:
        return list(connection.execute(text(TABLES)).scalars())


def told(question: str) -> int:
    with engine().connect() as connection:
        return connection.execute(text(question)).scalar_one()


def next_number() -> int:
    """From the job queue, whose numbers tests may look at."""
    return told("select nextval('procrastinate_jobs_id_seq')")
