"""Stop the embedded PostgreSQL once no process uses it, however the last one ended.

Run as `python -m database.embedded_guard DATA_FOLDER DESCRIPTOR`; the descriptor holds the lock that
says that there is a guard. It continues in a separate process, and the command returns at once.
"""

import fcntl
import os
import signal
import sys
from pathlib import Path

from database.embedded_server import USERS, cluster_of, stop


def main() -> None:
    if os.fork():
        os._exit(0)
    # A signal that stops everything also stops the users, and then this process ends on its own.
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)
    guard(Path(sys.argv[1]), int(sys.argv[2]))


def guard(data_dir: Path, descriptor: int) -> None:
    users = os.open(data_dir / USERS, os.O_RDWR)
    fcntl.flock(users, fcntl.LOCK_EX)  # when the kernel has undone the last user's lock
    stop(cluster_of(data_dir))
    os.close(descriptor)  # this one first: a process waiting for the other finds no guard and starts one
    os.close(users)


if __name__ == "__main__":
    main()
