"""The heartbeat of an export while it is being written."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy.exc import SQLAlchemyError

from actions.export_runs import Attempt, beat
from rules.export_rules import BEAT_SECONDS, LONGEST_SECONDS


class NotWanted(Exception):
    """The export was cancelled, or another worker has taken it over."""


class Interrupted(Exception):
    """This worker has to stop."""


class Heartbeat:
    """Reports the progress of the attempt to the database every second, from its own thread.

    A slow query or page does not make the worker look dead; one that hangs for half
    an hour does, because the heartbeat stops then.
    """

    def __init__(self, attempt: Attempt, is_stopping: Callable[[], bool]) -> None:
        self._attempt = attempt
        self._is_stopping = is_stopping
        self._rows: tuple[int, int | None] = (0, None)
        self._is_wanted = True
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat_until_ended, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def note(self, rows_written: int, rows_total: int | None) -> None:
        """The progress of `write_export`; raises NotWanted or Interrupted to end it."""
        self._rows = (rows_written, rows_total)
        self.check()

    def check(self) -> None:
        """Raise NotWanted or Interrupted if the work is no longer needed."""
        if not self._is_wanted:
            raise NotWanted
        if self._is_stopping():
            raise Interrupted

    def _beat_until_ended(self) -> None:
        end = time.monotonic() + LONGEST_SECONDS
        while not self._ended.wait(BEAT_SECONDS) and time.monotonic() < end:
            try:
                self._is_wanted = beat(self._attempt, *self._rows)
            except SQLAlchemyError:
                continue  # the next beat may reach the database; without any the export is taken over
            if not self._is_wanted:
                return
