"""The worker as a child of the server: rendering and refreshing must not hold up the pages."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from database.settings import PROJECT_DIR

GRACE_SECONDS = 10
OFF = "DASHBOARD_WORKER"  # "off" where workers run elsewhere


@contextmanager
def worker_process() -> Iterator[None]:
    """Keep one worker while the block runs; it leaves by itself should this process die.

    The child holds the read end of a pipe whose other end closes with this process, however it ends.
    """
    if os.environ.get(OFF) == "off":
        yield
        return
    child = subprocess.Popen(  # noqa: S603  # our own interpreter, our own file
        [sys.executable, str(PROJECT_DIR / "manage.py"), "worker", "--leave-with-parent"],
        stdin=subprocess.PIPE,
        cwd=PROJECT_DIR,
    )
    try:
        yield
    finally:
        _stop(child)


def _stop(child: subprocess.Popen[bytes]) -> None:
    if child.stdin:
        child.stdin.close()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
