"""What a way to hand over mail promises."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

Fate = Literal["accepted", "deferred", "refused", "uncertain", "withdrawn"]


@dataclass(frozen=True)
class Envelope:
    """The bytes, where they go, and where they come back to; the name is the same at every attempt."""

    name: str
    return_address: str
    recipient: str
    content: bytes


@dataclass(frozen=True)
class Outcome:
    """What became of a mail.

    accepted: taken. deferred: certainly not taken, try later. refused: certainly not taken, for
    good. uncertain: perhaps taken. withdrawn: `may_complete` said no. The reason is in words,
    without personal data; the server's own words may name the recipient.
    """

    fate: Fate
    reason: str | None = None
    reply: str | None = None
    is_address_dead: bool = False


class ServerUnavailable(Exception):
    """No mail can be handed over at all at the moment, whomever it is for."""

    def __init__(self, reason: str, reply: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reply = reply


class Transport(Protocol):
    """A way to hand over mail, one after the other."""

    def hand_over(self, envelope: Envelope, may_complete: Callable[[], bool]) -> Outcome:
        """Hand over one mail; `may_complete` is asked once, when only its end is missing.

        Raises ServerUnavailable; whatever `may_complete` raises leaves the mail unsent.
        """

    def close(self) -> None:
        """Leave in peace."""
