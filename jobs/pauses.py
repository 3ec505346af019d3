"""How long to wait before the next attempt: briefly, then longer, and briefly again after a success."""

import time
from dataclasses import dataclass, field


@dataclass
class Pauses:
    """Pauses in seconds, each twice the one before; an attempt of at least `lasting` seconds was a success."""

    first: float
    longest: float
    lasting: float
    has_just_begun: bool = field(default=False, init=False)  # the latest failure followed a success
    _next: float = field(default=0.0, init=False)
    _failing_since: float | None = field(default=None, init=False)

    def after(self, seconds: float) -> float:
        """The pause after an attempt that ran for this many seconds."""
        self.has_just_begun = seconds >= self.lasting or self._failing_since is None
        if self.has_just_begun:
            self._next, self._failing_since = self.first, time.monotonic()
        pause, self._next = self._next, min(2 * self._next, self.longest)
        return pause

    @property
    def failing_seconds(self) -> float:
        """How long no attempt has lasted."""
        return 0.0 if self._failing_since is None else time.monotonic() - self._failing_since
