"""The heartbeat of an upload while it is being checked: its worker is alive."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from actions.upload_runs import UploadAttempt, beat

BEAT_SECONDS = 10.0  # a sixth of the silence after which another worker takes over
MOST_BEATS = 6 * 60 * 2  # two hours: a worker that hangs must not look alive for ever


@contextmanager
def beating(attempt: UploadAttempt) -> Iterator[None]:
    """Beat during the block, from a thread; it ends by itself once the attempt is outdated."""
    ended = threading.Event()

    def beat_until_ended() -> None:
        for _ in range(MOST_BEATS):
            if ended.wait(BEAT_SECONDS):
                return
            try:
                if not beat(attempt):
                    return
            except SQLAlchemyError:
                continue  # the next beat may reach the database; without any the upload is taken over

    thread = threading.Thread(target=beat_until_ended, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
