"""The dashboard as people start it, on a free port, with this process's data folder."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from database.settings import PROJECT_DIR

SECONDS_TO_START = 120
SECONDS_TO_SAY_ALL = 5
SECONDS_TO_STOP = 20
PRINTED = re.compile(r"https?://(?:localhost|127\.0\.0\.1):\d+[^\s\x1b]*")
AS_MAKE_RUN = ("streamlit", "run", str(PROJECT_DIR / "streamlit_app.py"), "--server.port", "{port}")


@dataclass(frozen=True)
class Serving:
    """A running server: its printed address, which signs people in, and its process."""

    address: str
    process_id: int

    @property
    def port(self) -> int:
        return int(self.address.split(":")[2].split("/")[0])


@contextmanager
def dashboard(command: tuple[str, ...] = AS_MAKE_RUN, folder: Path = PROJECT_DIR) -> Iterator[Serving]:
    """Start the modules and options of `command` in a folder; stopped afterwards."""
    port = free_port()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", *(word.format(port=port) for word in command)],
            cwd=folder,
            env=os.environ,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(process, port, said)
            yield Serving(_printed_address(said), process.pid)
        finally:
            _stop(process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Asked twice, a server no longer waits for open connections."""
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS_TO_STOP)
            return
    process.kill()
    process.wait()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(process: "subprocess.Popen[bytes]", port: int, said: IO[str]) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=2) as answer:
            if answer.read() == b"ok":
                return
        time.sleep(0.1)
    raise RuntimeError(f"The dashboard did not answer within {SECONDS_TO_START} s; it said: {_all_of(said)}")


def _printed_address(said: IO[str]) -> str:
    """The address that the server asks people to open: the longest one, because others lack the token."""
    end = time.monotonic() + SECONDS_TO_SAY_ALL
    while time.monotonic() < end and "token=" not in _all_of(said):
        time.sleep(0.1)
    if found := PRINTED.findall(_all_of(said)):
        return str(max(found, key=len))
    raise RuntimeError(f"The dashboard answers, but printed no address; it said: {_all_of(said)}")


def _all_of(said: IO[str]) -> str:
    said.seek(0)
    return said.read()
