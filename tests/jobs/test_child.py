"""The worker beside the server: it comes with its parent and leaves with it, however that ends."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
from sqlalchemy import URL

from database.settings import PROJECT_DIR

# A shell lets what it starts in the background ignore SIGINT; a server in a terminal does not.
PARENT = """
import signal, time
from jobs.child import worker_process
signal.signal(signal.SIGINT, signal.default_int_handler)
with worker_process(): time.sleep(120)
"""
SECONDS = 20


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_the_worker_leaves_when_its_parent_does(database: URL, end: signal.Signals) -> None:
    with a_parent() as parent:
        worker = the_child_of(parent)
        assert worker.is_running()

        parent.send_signal(end)

        worker.wait(SECONDS)
        assert not worker.is_running()


def test_no_worker_is_started_where_it_is_switched_off(database: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    from jobs.child import worker_process

    monkeypatch.setenv("DASHBOARD_WORKER", "off")

    with worker_process():
        assert not [child for child in psutil.Process().children() if "worker" in child.cmdline()]


@contextmanager
def a_parent() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([sys.executable, "-c", PARENT], cwd=PROJECT_DIR, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def the_child_of(parent: "subprocess.Popen[bytes]") -> psutil.Process:
    """The worker, once it is past its own start."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        children = psutil.Process(parent.pid).children()
        if children and any(connection.status for connection in children[0].net_connections("all")):
            return children[0]
        time.sleep(0.1)
    raise AssertionError("the worker did not start")
