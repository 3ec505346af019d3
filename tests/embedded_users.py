"""Processes that use the embedded server of a data folder, to be ended in every way."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg2

from database.embedded_server import cluster_of
from database.settings import PROJECT_DIR

USE = """
import sys
from pathlib import Path
from database.embedded import embedded_url
print(embedded_url(Path(sys.argv[1])).query["host"], flush=True)
sys.stdin.read()
"""
SECONDS = 60


@contextmanager
def a_user(data_dir: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A process that has the server running, and leaves when the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", USE, str(data_dir)],
        cwd=PROJECT_DIR,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process


def sockets_of(user: "subprocess.Popen[str]") -> Path:
    """Where the server's sockets are; waits until it runs."""
    assert user.stdout
    return Path(user.stdout.readline().strip())


def answers(sockets: Path) -> bool:
    try:
        psycopg2.connect(host=str(sockets), user="postgres", dbname="dashboard").close()
    except psycopg2.OperationalError:
        return False
    return True


def servers_of(data_dir: Path) -> list[psutil.Process]:
    """All PostgreSQL processes that work in the data folder."""
    place = cluster_of(data_dir).folder
    return [process for process in psutil.process_iter() if _works_in(process, place)]


def guards_of(data_dir: Path) -> list[psutil.Process]:
    wanted = ["database.embedded_guard", str(data_dir)]
    return [found for found in psutil.process_iter(["cmdline"]) if (found.info["cmdline"] or [])[2:4] == wanted]


def is_gone(data_dir: Path) -> bool:
    """Wait until neither server nor guard of the data folder is left."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if not servers_of(data_dir) and not guards_of(data_dir):
            return True
        time.sleep(0.05)
    return False


def _works_in(process: psutil.Process, place: Path) -> bool:
    try:
        return process.name() == "postgres" and Path(process.cwd()) == place
    except psutil.Error:
        return False
