"""No thread holds one connection and waits for another: behind a pooler with one it would wait for itself."""

import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

_meant = threading.local()


@contextmanager
def two_connections() -> Iterator[None]:
    """For a test that changes something while a transaction of its own thread is open."""
    _meant.by_this_thread = True
    try:
        yield
    finally:
        _meant.by_this_thread = False


class HoldsTwo(AssertionError):
    """A thread asked for a connection while it held one."""


@contextmanager
def one_connection_per_thread() -> Iterator[None]:
    """Refuse a second connection, in every engine; one returned by another thread counts for its taker."""
    held: dict[int, tuple[int, str]] = {}  # by connection record: thread, where
    lock = threading.Lock()

    def taken(_connection: Any, record: Any, _proxy: Any) -> None:
        me = threading.get_ident()
        with lock:
            first = next((where for thread, where in held.values() if thread == me), None)
            held[id(record)] = (me, "".join(traceback.format_stack(limit=12)[:-1]))
        if first is not None and not getattr(_meant, "by_this_thread", False):
            raise HoldsTwo(f"This thread holds a connection already; it was taken here:\n{first}")

    def given_back(_connection: Any, record: Any) -> None:
        with lock:
            held.pop(id(record), None)

    event.listen(Pool, "checkout", taken)
    event.listen(Pool, "checkin", given_back)
    try:
        yield
    finally:
        event.remove(Pool, "checkout", taken)
        event.remove(Pool, "checkin", given_back)
