"""The worker: runs tasks until it is told to stop."""

import os
import signal
import sys
import threading


def run_worker(leave_with_parent: bool = False) -> None:
    """Work until SIGTERM or SIGINT; with a parent, also until its end of standard input closes."""
    from jobs.app import app

    if leave_with_parent:
        threading.Thread(target=_leave_when_input_ends, daemon=True).start()
    app.run_worker(install_signal_handlers=True, listen_notify=True)


def _leave_when_input_ends() -> None:
    while os.read(sys.stdin.fileno(), 1):  # unbuffered: a buffer's lock would outlive this thread at exit
        pass
    os.kill(os.getpid(), signal.SIGTERM)
