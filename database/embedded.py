"""The embedded PostgreSQL: started on first use, stopped after the last process that uses it.

Three files in the data folder are locked, which the kernel undoes however a process ends: `postgres.users`,
shared by all that use the server; `postgres.start`, by the process that starts it; `postgres.guard`, by the guard, a
small process that stops the server when nobody holds the first one any more.
"""

import atexit
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryFile

import psycopg2
from sqlalchemy import URL

from database.data_folder import make_data_folder
from database.embedded_server import USERS, cluster_of, locked, remove_left_sockets, running, started, stop
from database.server_log import keep_rows_out_of_server_log
from database.settings import PROJECT_DIR
from rules.errors import SetupError

DATABASE = "dashboard"
GUARD, START = "postgres.guard", "postgres.start"
CREATE_DATABASE = f"""
    create database {DATABASE}
    template template0
    encoding 'UTF8'
    locale_provider builtin
    builtin_locale 'C.UTF-8'
    lc_collate 'C'
    lc_ctype 'C'
"""


@lru_cache(maxsize=4)
def embedded_url(data_dir: Path) -> URL:
    """Start the server of this data folder if it is not running; returns its address.

    Raises SetupError if the folder cannot be written or the server does not start.
    """
    try:
        make_data_folder(data_dir)
        _probe(data_dir)
        sockets = _used(data_dir)
    except OSError as error:
        raise SetupError(
            f"The data folder {data_dir} cannot be written ({error.strerror or error}); "
            "set DASHBOARD_DATA_DIR to a folder that can."
        ) from error
    except subprocess.SubprocessError as error:
        raise SetupError(
            f"The embedded PostgreSQL did not start; its log is {data_dir / 'postgres' / 'log'}. "
            "Set DATABASE_URL to use another server."
        ) from error
    keep_rows_out_of_server_log(_address(sockets))
    _create_database_once(sockets)
    return _address(sockets).set(database=DATABASE)


def stop_embedded(data_dir: Path) -> None:
    """Release this process's use of the server, and stop it if nobody else uses it; returns when that is done."""
    use = _uses.pop(data_dir, None)
    if use is None:
        return
    embedded_url.cache_clear()
    try:
        fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        stop(cluster_of(data_dir))
    except BlockingIOError:
        fcntl.flock(use, fcntl.LOCK_SH)  # others use it, or the guard is just stopping it: then wait
    os.close(use)


_uses: dict[Path, int] = {}  # data folder -> the descriptor that holds the lock of this process


def _used(data_dir: Path) -> Path:
    """Where the sockets of the running server are. From now on this process counts as a user of it."""
    if data_dir not in _uses:
        _uses[data_dir] = os.open(data_dir / USERS, os.O_RDWR | os.O_CREAT, 0o600)
        atexit.register(_stop_at_exit, data_dir, os.getpid())
    fcntl.flock(_uses[data_dir], fcntl.LOCK_SH)  # waits while a server is being stopped
    with _starting(data_dir):
        remove_left_sockets()
        cluster = cluster_of(data_dir)
        sockets = running(cluster) or started(cluster)
        _guard(data_dir)
    return sockets


@contextmanager
def _starting(data_dir: Path) -> Iterator[None]:
    descriptor = os.open(data_dir / START, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _guard(data_dir: Path) -> None:
    """Start the guard if there is none: it inherits the lock that says so."""
    descriptor = locked(data_dir / GUARD)
    if descriptor is None:
        return
    try:
        subprocess.run(  # noqa: S603  # our own interpreter, our own file; it goes on in a process of its own
            [sys.executable, "-m", "database.embedded_guard", str(data_dir), str(descriptor)],
            cwd=PROJECT_DIR,
            pass_fds=(descriptor,),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
    finally:
        os.close(descriptor)


def _stop_at_exit(data_dir: Path, owner: int) -> None:
    if os.getpid() == owner:  # not in a child of a fork, which shares the lock
        stop_embedded(data_dir)


def _probe(data_dir: Path) -> None:
    """Each process uses its own file: server and worker may start at the same moment."""
    with TemporaryFile(dir=data_dir):
        pass


def _address(sockets: Path) -> URL:
    return URL.create("postgresql+psycopg2", "postgres", "", database="postgres", query={"host": str(sockets)})


def _create_database_once(sockets: Path) -> None:
    connection = psycopg2.connect(host=str(sockets), user="postgres", dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("select from pg_database where datname = %s", [DATABASE])
        if cursor.rowcount == 0:
            another_was_faster = (psycopg2.errors.DuplicateDatabase, psycopg2.errors.UniqueViolation)
            with suppress(*another_was_faster):
                cursor.execute(CREATE_DATABASE)
    connection.close()
