"""The API on its own, as `uvicorn api.app:api` serves it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from database.settings import PROJECT_DIR
from tests.redis_server import a_free_port

SECONDS_TO_START = 60


@contextmanager
def served(**settings: str) -> Iterator[str]:
    """The address of a server in a separate process, with the tests' environment and these settings."""
    port = a_free_port()
    command = [sys.executable, "-m", "uvicorn", "api.app:api", "--port", str(port), "--log-level", "warning"]
    environment = {**os.environ, "API_REQUESTS_PER_MINUTE": "1000000", **settings}
    process = subprocess.Popen(command, cwd=PROJECT_DIR, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(address: str) -> None:
    deadline = monotonic() + SECONDS_TO_START
    while monotonic() < deadline:
        try:
            with urlopen(address, timeout=2):
                return
        except HTTPError:
            return
        except (URLError, OSError):
            sleep(0.1)
    raise AssertionError(f"{address} does not answer")
