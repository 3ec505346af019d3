"""From an empty database to the newest schema: once, twice, as an owner without superuser rights."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.script import ScriptDirectory
from psycopg2.errors import DuplicateTable
from sqlalchemy import URL, text
from sqlalchemy.exc import ProgrammingError

from database.checks import tenancy_gaps
from database.embedded import embedded_url
from database.engine import engine
from database.migrate import _config, migrate
from database.refresh import refresh, refresh_stale, stale_creators
from database.tenancy import platform_tx, tenant_tx
from rules.errors import SetupError
from tests import oracle, people_oracle
from tests.builders import NOW, a_chat, a_creator, a_student, a_watch, add, an_event
from tests.conftest import execute_on
from tests.database.catalogue import catalogue
from tests.database.snapshots import assert_equal_to_rebuilt, assert_same_rows


def test_an_empty_database_reaches_the_newest_schema(empty_database: URL):
    migrate()

    assert revision() == newest_revision()
    with engine().connect() as connection:
        assert tenancy_gaps(connection) == []


def test_migrating_twice_changes_nothing(empty_database: URL):
    migrate()
    once = catalogue()

    migrate()

    assert catalogue() == once
    assert len(once) > 100


def test_a_migration_that_fails_leaves_the_database_empty(empty_database: URL):
    with engine().begin() as connection:
        connection.execute(text("create table watch_segments (in_the_way int)"))
    before = catalogue()

    with pytest.raises(DuplicateTable):
        migrate()

    assert catalogue() == before


def test_a_migrated_database_lets_nobody_but_its_owner_make_temporary_tables(empty_database: URL):
    migrate()
    creator = a_creator()

    denied = r"permission denied (to create temporary tables|for schema pg_temp)"
    with pytest.raises(ProgrammingError, match=denied), tenant_tx(creator.id) as connection:
        connection.execute(text("create temporary table mine (id int)"))


def test_a_server_that_does_not_answer_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada:secret@127.0.0.1:1/nowhere")

    with pytest.raises(SetupError, match="does not answer") as failure:
        migrate()

    assert "127.0.0.1:1/nowhere" in str(failure.value)
    assert "secret" not in str(failure.value)


def test_an_owner_who_is_no_superuser_migrates_and_refreshes(empty_database: URL, server: URL):
    """As on a hosted server: row level security binds the owner, and therefore the refresh too."""
    with plain_owner(server, empty_database):
        migrate()
        ada, bo = a_student("Ada Moss"), a_student("Bo Lind")
        creator = a_creator(ada, bo, a_watch(ada), a_chat(student=ada), a_chat(student=bo), an_event(bo, days_ago=3))
        other = a_creator(a_watch(days_ago=2))
        add(creator, an_event(ada, days_ago=1))
        add(other, an_event())

        assert stale_creators() == sorted([creator.id, other.id])
        assert refresh_stale() == 2

        source = oracle.source(creator.id)
        assert len(source.students) == 2
        found = oracle.rows_of(creator.id, "creator_analytics_cache")
        assert_same_rows("creator_analytics_cache", found, people_oracle.creator_analytics_cache(source, NOW))
        assert_equal_to_rebuilt(creator)
        with platform_tx() as connection:
            add(other, an_event(days_ago=4))
            assert connection.execute(text("select refresh_creator_dashboard_views()")).scalar_one() == 1
            assert connection.execute(text("select rebuild_creator_dashboard_views()")).scalar_one() == 2
        assert refresh(creator.id)
        engine().dispose()


def test_an_owner_who_is_no_superuser_may_take_the_roles_it_creates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """On a separate server: roles are created once per server."""
    host = embedded_url(tmp_path).set(drivername="postgresql", password=None, database="postgres")
    execute_on(host, "create role host login createrole", "create database hosted owner host")
    address = host.set(username="host", database="hosted")
    monkeypatch.setenv("DATABASE_URL", address.render_as_string(hide_password=False))

    migrate()
    migrate()

    creator = a_creator(a_watch())
    assert_equal_to_rebuilt(creator)
    engine().dispose()


@contextmanager
def plain_owner(server: URL, database: URL) -> Iterator[None]:
    """Create a login without any privilege but this database (and, as hosts grant it, roles), and use it."""
    owner, roles = f"owner_{uuid4().hex[:12]}", "dashboard_app, dashboard_platform"
    address = database.set(username=owner, password="x")
    execute_on(
        server,
        f"create role {owner} login createrole password 'x'",
        f"alter database {database.database} owner to {owner}",
        # Roles belong to the server: they have existed since another database was migrated there.
        f"grant {roles} to {owner} with admin option",
    )
    execute_on(database, f"alter schema public owner to {owner}")
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DATABASE_URL", address.render_as_string(hide_password=False))
            yield
    finally:
        execute_on(server, f"alter database {database.database} owner to current_user")
        execute_on(database, f"reassign owned by {owner} to current_user", f"drop owned by {owner} cascade")
        execute_on(server, f"revoke {roles} from {owner}", f"drop role {owner}")


def revision() -> str:
    with engine().connect() as connection:
        return connection.execute(text("select version_num from alembic_version")).scalar_one()


def newest_revision() -> str | None:
    with engine().connect() as connection:
        return ScriptDirectory.from_config(_config(connection)).get_current_head()
