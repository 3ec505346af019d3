"""The worker next to the server: it starts with its parent and ends with it, however that ends."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy import URL

from database.settings import PROJECT_DIR
from jobs import child

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


def test_a_worker_that_ends_is_followed_by_another(short_lived: Path) -> None:
    with child.worker_process():
        wait_until(lambda: len(short_lived.read_text().split()) >= 3)


def test_no_worker_follows_once_the_server_stops(short_lived: Path) -> None:
    with child.worker_process():
        wait_until(lambda: bool(short_lived.read_text()))
    begun = short_lived.read_text()

    assert not [one for one in threading.enumerate() if one.name == "worker keeper"]
    time.sleep(10 * child.FIRST_PAUSE_SECONDS)
    assert short_lived.read_text() == begun


def test_a_worker_that_does_not_leave_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    noted = tmp_path / "begun"
    noted.touch()
    deaf = "import sys, time; open(sys.argv[1], 'a').write('begun'); time.sleep(600)"
    monkeypatch.setattr(child, "COMMAND", (sys.executable, "-c", deaf, str(noted)))
    monkeypatch.setattr(child, "GRACE_SECONDS", 0.2)

    with child.worker_process():
        wait_until(lambda: bool(noted.read_text()))
        (process,) = (one for one in psutil.Process().children() if str(noted) in one.cmdline())

    assert not process.is_running()


@pytest.fixture
def short_lived(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where workers that die at once record that they started."""
    noted = tmp_path / "begun"
    noted.touch()
    dies = "import sys; open(sys.argv[1], 'a').write('begun '); sys.exit(1)"
    monkeypatch.setattr(child, "COMMAND", (sys.executable, "-c", dies, str(noted)))
    monkeypatch.setattr(child, "FIRST_PAUSE_SECONDS", 0.05)
    return noted


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < end, "it is stuck"
        time.sleep(0.02)


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
