"""The worker as a child of the server: rendering and refreshing must not hold up the pages."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from database.settings import PROJECT_DIR
from jobs.pauses import Pauses

logger = logging.getLogger(__name__)

GRACE_SECONDS = 10
OFF = "DASHBOARD_WORKER"  # "off" if workers run elsewhere
COMMAND = (sys.executable, str(PROJECT_DIR / "manage.py"), "worker", "--leave-with-parent")
# A worker that runs for a minute was healthy; one that dies at once must not keep the computer busy.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, WELL_SECONDS = 1.0, 30.0, 60.0


@contextmanager
def worker_process() -> Iterator[None]:
    """Keep one worker running during the block, restarting it if it ends; none outlives this process."""
    if os.environ.get(OFF) == "off":
        yield
        return
    kept = _KeptWorker()
    kept.start()
    try:
        yield
    finally:
        kept.stop()


class _KeptWorker:
    """A child, and the thread that starts the next one.

    The child holds the read end of a pipe whose other end closes with this process, however it ends.
    """

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._is_stopping = threading.Event()
        self._starting = threading.Lock()
        self._thread = threading.Thread(target=self._keep, name="worker keeper", daemon=True)
        self._pauses = Pauses(FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, WELL_SECONDS)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop the child, gracefully at first; it is not restarted."""
        self._is_stopping.set()
        with self._starting:
            child = self._child
        if child and child.stdin:
            child.stdin.close()
        self._thread.join(GRACE_SECONDS)
        if child and self._thread.is_alive():
            child.kill()
            self._thread.join()

    def _keep(self) -> None:
        while child := self._started():
            began = time.monotonic()
            status = child.wait()
            pause = self._pauses.after(time.monotonic() - began)
            if not self._is_stopping.is_set():
                logger.error("the worker ended with status %d; another one starts in %.0f s", status, pause)
            self._is_stopping.wait(pause)
            if child.stdin:
                child.stdin.close()

    def _started(self) -> "subprocess.Popen[bytes] | None":
        with self._starting:
            if self._is_stopping.is_set():
                return None
            self._child = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, cwd=PROJECT_DIR)  # noqa: S603  # our own file
            return self._child
