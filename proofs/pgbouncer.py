"""PgBouncer in transaction mode, in front of a separate database."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from sqlalchemy import URL

from proofs.postgres_server import USER
from tests.mail_servers import free_port

SECONDS = 20
CONFIGURATION = """
[databases]
* = host={host} port={port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen_port}
unix_socket_dir =
auth_type = any
user = {user}
pool_mode = transaction
default_pool_size = {pool_size}
reserve_pool_size = 0
max_client_conn = 400
server_login_retry = 1
query_wait_timeout = {wait_seconds}
"""


@contextmanager
def a_pgbouncer(database: URL, pool_size: int, wait_seconds: int = 60) -> Iterator[URL]:
    """The address of the same database through a pooler with this many connections.

    A program that waits for itself gets an error after `wait_seconds`.
    """
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    assert program, "pgbouncer is not installed; these proofs need it"
    folder = Path(tempfile.mkdtemp(prefix="proof-pgbouncer-"))
    port = free_port()
    settings = CONFIGURATION.format(
        host=database.host,
        port=database.port,
        listen_port=port,
        user=USER,
        pool_size=pool_size,
        wait_seconds=wait_seconds,
    )
    # Every client becomes this user at the database, whatever name it gives.
    (folder / "pgbouncer.ini").write_text(settings.replace("port=", f"user={database.username} port=", 1))
    folder.chmod(0o755)
    process = subprocess.Popen(
        [program, "-q", "-u", USER, str(folder / "pgbouncer.ini")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = database.set(host="127.0.0.1", port=port, query={})
        _wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(address: URL) -> None:
    end = time.monotonic() + SECONDS
    while True:
        try:
            psycopg2.connect(address.set(drivername="postgresql").render_as_string(hide_password=False)).close()
        except psycopg2.OperationalError:
            assert time.monotonic() < end, "PgBouncer did not start"
            time.sleep(0.05)
        else:
            return
