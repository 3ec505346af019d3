"""A migrated PostgreSQL for the tests: the embedded one, or the server of TEST_DATABASE_URL."""

import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import URL, make_url

from database.embedded import embedded_url
from database.engine import engine
from database.migrate import migrate
from database.seldom import SeldomTold
from database.settings import settings
from tests import memory
from tests.compiled import compile_once
from tests.course_runs import course_run  # noqa: F401
from tests.databases import Databases, create, drop, execute_on
from tests.garbage import pytest_collection_finish  # noqa: F401
from tests.memory import pytest_configure  # noqa: F401
from tests.rows import NOW
from tests.slowest_first import pytest_collection_modifyitems  # noqa: F401
from tests.statements.session import pytest_sessionfinish, pytest_sessionstart  # noqa: F401

# Examples wait for a database: their duration says nothing, and a busy machine must not fail them.
hypothesis_settings.register_profile(
    "database",
    deadline=None,
    max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "40")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
hypothesis_settings.load_profile("database")

OUTSIDE_SERVICES = ("DATABASE_URL", "REDIS_URL", "SMTP_URL", "STORAGE_URL")

# The folder is thrown away: nothing has to survive a crash. Copying files is then faster than logging them.
NOTHING_TO_LOSE = ("fsync", "synchronous_commit", "full_page_writes")

# The same encoding and order as the application's own database on the embedded server.
EMBEDDED_EMPTY = (
    "template template0 encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' lc_collate 'C' lc_ctype 'C'"
)


@pytest.fixture(scope="session", autouse=True)
def test_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The fixed time, a data folder that all workers share, and no service of the developer's own."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with pytest.MonkeyPatch.context() as patch:
        compile_once(patch)
        for variable in OUTSIDE_SERVICES:
            patch.delenv(variable, raising=False)
        patch.setenv("DASHBOARD_DATA_DIR", os.environ.get(memory.VARIABLE) or str(shared / "data"))
        patch.setenv("DASHBOARD_NOW", NOW.isoformat())
        patch.setenv("DASHBOARD_SECRET", "not a secret, and long enough for one")
        yield


@pytest.fixture(scope="session", autouse=True)
def light_app_tests() -> Iterator[None]:
    """AppTest looks through all installed packages whenever it is opened, and collects garbage after each run.

    The packages stay the same; and the application collects between its runs (`ui/garbage.py`).
    """
    with pytest.MonkeyPatch.context() as patch:
        if "streamlit.testing.v1" in sys.modules:
            scanner = import_module("streamlit.components.v2.manifest_scanner")
            found = cache(scanner.scan_component_manifests)
            patch.setattr(scanner, "scan_component_manifests", lambda: list(found()))
            import_module("streamlit.config").set_option("runner.postScriptGC", False)
        yield


@pytest.fixture(autouse=True)
def empty_caches() -> None:
    if "queries.cache.caching" in sys.modules:
        sys.modules["queries.cache.caching"].forget_everything()


@pytest.fixture(autouse=True)
def no_page_reads_late(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A page that reads while it draws is reported in the log of a server, and fails its test here."""
    read_late = SeldomTold(logging.getLogger("database.tenancy"))
    monkeypatch.setattr("database.tenancy.READ_LATE", read_late)
    yield
    assert not read_late.was_met or request.node.get_closest_marker("reads_late"), "a page read while it drew"


@pytest.fixture(scope="session")
def usual_log() -> list[tuple[Any, str, Any]]:
    """What `log_as_json` replaces, as it is before any test or fixture starts the application in this process."""
    replaced = (
        (logging.Handler, "format"),
        (sys, "excepthook"),
        (sys, "unraisablehook"),
        (threading, "excepthook"),
        (warnings, "showwarning"),
    )
    return [(place, name, getattr(place, name)) for place, name in replaced]


@pytest.fixture(autouse=True)
def log_of_the_tests(usual_log: list[tuple[Any, str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    for place, name, usual in usual_log:
        monkeypatch.setattr(place, name, usual)


@pytest.fixture(scope="session")
def server(test_environment: None) -> URL:
    """Where databases are created. A TEST_DATABASE_URL that does not answer is an error, not a skip."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return make_url(given)
    address = embedded_url(settings().data_dir).set(drivername="postgresql", password=None, database="postgres")
    execute_on(
        address, *(f"alter system set {setting} = off" for setting in NOTHING_TO_LOSE), "select pg_reload_conf()"
    )
    return address


@pytest.fixture(scope="session")
def template(server: URL) -> Iterator[str]:
    """The name of a migrated database without rows and without connections, one per worker."""
    with new_database(server, empty(server)) as address:
        migrate()
        engine().dispose()
        with pytest.MonkeyPatch.context() as patch:
            # A test that forgot its fixture must not find this one: nobody can copy it while somebody is connected to
            # it.
            patch.delenv("DATABASE_URL")
            yield str(address.database)


@pytest.fixture(scope="session")
def databases(server: URL, template: str) -> Iterator[Databases]:
    made = Databases(server, template)
    yield made
    made.drop()


@pytest.fixture
def database(databases: Databases) -> Iterator[URL]:
    """A migrated database of this test's own, at DATABASE_URL."""
    with databases.lent() as address:
        yield address


@pytest.fixture(scope="module")
def shared_database(databases: Databases) -> Iterator[URL]:
    """A migrated database for a module whose tests only touch creators they created themselves."""
    with databases.lent() as address:
        yield address


@pytest.fixture
def empty_database(server: URL) -> Iterator[URL]:
    """A database that no migration has seen."""
    with new_database(server, empty(server)) as address:
        yield address


@contextmanager
def new_database(server: URL, options: str) -> Iterator[URL]:
    """Create a database and point DATABASE_URL at it; dropped afterwards."""
    address = create(server, options)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DATABASE_URL", address.render_as_string(hide_password=False))
            pool = engine()
            yield address
            pool.dispose()
    finally:
        drop(server, address)


def empty(server: URL) -> str:
    return EMBEDDED_EMPTY if "host" in server.query else "template template0"
