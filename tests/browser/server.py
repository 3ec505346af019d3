"""A server as `make run` starts it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import psutil

from database.settings import PROJECT_DIR

SECONDS_TO_START = 90
SECONDS_TO_STOP = 20
OF_THE_TESTS = ("DATABASE_URL", "DASHBOARD_NOW", "DASHBOARD_DATA_DIR")


@dataclass(frozen=True)
class Server:
    port: int
    data_dir: Path
    process: subprocess.Popen[str]

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def printed_address(self) -> str:
        """With its token, as the server also stores it in the data folder."""
        return (self.data_dir / "address").read_text().strip()


@contextmanager
def running_server(data_dir: Path, port: int | None = None, **environment: str) -> Iterator[Server]:
    """Start the dashboard on this port or a free one; it is stopped afterwards."""
    port = port or free_port()
    server = Server(port, data_dir, started(port, DASHBOARD_DATA_DIR=str(data_dir), **environment))
    try:
        _wait_until_healthy(server)
        yield server
    finally:
        server.process.send_signal(signal.SIGINT)
        server.process.communicate(timeout=SECONDS_TO_STOP)
        stop_database(data_dir)


def started(port: int, *options: str, **environment: str) -> subprocess.Popen[str]:
    """The server's process, with the developer's environment except what the tests set in it."""
    inherited = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
    return subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(port), *options],
        cwd=PROJECT_DIR,
        env=inherited | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(server: Server) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        if server.process.poll() is not None:
            raise AssertionError(f"the server left with {server.process.returncode}: {server.process.communicate()}")
        if _is_healthy(server.address) and _has_said_where(server):
            return
        time.sleep(0.1)
    raise AssertionError(f"the server did not answer within {SECONDS_TO_START} seconds")


def _is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
            return bool(answer.read() == b"ok")
    except (URLError, OSError):
        return False


def _has_said_where(server: Server) -> bool:
    try:
        return server.printed_address.startswith(f"{server.address}/")
    except FileNotFoundError:
        return False


def stop_database(data_dir: Path) -> None:
    """The last process to leave stops the embedded database; the tests' own process would only leave at its end."""
    try:
        database = psutil.Process(int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0]))
    except (FileNotFoundError, psutil.NoSuchProcess):
        return
    database.send_signal(signal.SIGINT)  # a fast shutdown
    database.wait(SECONDS_TO_STOP)
