"""Problems that every request meets, logged once a minute: a log that repeats itself hides everything else."""

import logging
import threading
import time

SECONDS_BETWEEN = 60.0


class SeldomTold:
    """One problem of this process: a line when it begins, one a minute while it lasts, one when it is over."""

    def __init__(self, logger: logging.Logger, over: str = "") -> None:
        self._logger = logger
        self._over = over
        self._lock = threading.Lock()
        self._told_at: float | None = None
        self._met_at = 0.0
        self._left_out = 0
        self._is_open = False

    @property
    def was_met(self) -> bool:
        """Whether it has happened in this process at all."""
        return self._told_at is not None

    def met(self, what: str) -> None:
        """Log it, or count it: the next line says how many were left out."""
        with self._lock:
            self._met_at = now = time.monotonic()
            if self._told_at is not None and now - self._told_at < SECONDS_BETWEEN:
                self._left_out += 1
                return
            self._told_at, self._is_open = now, True
            left_out = self._counted()
        self._logger.warning(what, extra={"details": {"leftOut": left_out}})

    def over(self, quiet_seconds: float = 0.0) -> None:
        """It went well; logged if the problem was logged and has not occurred for this long."""
        if not self._is_open:  # the usual case takes no lock
            return
        with self._lock:
            if not self._is_open or time.monotonic() - self._met_at < quiet_seconds:
                return
            self._is_open = False
            left_out = self._counted()
        self._logger.warning(self._over, extra={"details": {"leftOut": left_out}})

    def _counted(self) -> int:
        left_out, self._left_out = self._left_out, 0
        return left_out
