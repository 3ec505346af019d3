"""Times of events: how far the sender's clock is off, and what cannot have happened."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sources.events.values import instant

# The time that a batch takes on its way is no reason to move its events, and would change their order.
STEP = timedelta(minutes=5)
MOST_AHEAD = timedelta(hours=1)
MOST_BACK = timedelta(days=400)  # from a page; servers may send what happened years ago
SPARE_SECONDS = 2.0  # players report their position a little early or late


@dataclass(frozen=True)
class Clocks:
    """The sender's clock against this server's; the same for all events of a batch."""

    sent: datetime
    received: datetime
    skew: timedelta

    @classmethod
    def of(cls, sent_at: Any, received: datetime) -> "Clocks":
        """Without `sentAt` the sender's clock is trusted. Raises ValueError for an invalid one."""
        if sent_at is None:
            return cls(received, received, timedelta())
        try:
            sent = instant(sent_at)
        except ValueError as error:
            raise ValueError(f"sentAt: {error}.") from None
        return cls(sent, received, _skew(received - sent))

    @property
    def skew_minutes(self) -> int:
        return round(self.skew / timedelta(minutes=1))

    def corrected(self, at: datetime | None) -> datetime | None:
        """By this server's clock."""
        return at and at + self.skew

    def impossible(self, at: datetime, is_page: bool) -> tuple[str, str] | None:
        """Why an event cannot have happened then: a code and a sentence."""
        try:
            here = at + self.skew
        except OverflowError:
            return "invalid", "this time lies outside of the calendar"
        if here > self.received + MOST_AHEAD:
            return "future", "it lies more than an hour ahead; check the clock"
        if is_page and here < self.received - MOST_BACK:
            return "too_old", f"a page may send what is at most {MOST_BACK.days} days old"
        return None

    def playable(self, at: datetime, rate: float) -> float:
        """The most seconds of a video that can have been played from `at` until the batch was sent."""
        sent = self.sent if self.skew else self.received
        return self.most_played((sent - at).total_seconds(), rate)

    @staticmethod
    def most_played(elapsed_seconds: float, rate: float) -> float:
        """The most seconds of a video that this time is enough for."""
        return max(elapsed_seconds, 0.0) * rate + SPARE_SECONDS


def _skew(difference: timedelta) -> timedelta:
    if abs(difference) <= STEP:
        return timedelta()
    return round(difference / STEP) * STEP
