"""The interface of a mail transport."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

Fate = Literal["accepted", "deferred", "refused", "uncertain", "withdrawn"]


@dataclass(frozen=True)
class Envelope:
    """The bytes, the recipient and the return address; the name is the same for every attempt."""

    name: str
    return_address: str
    recipient: str
    content: bytes


@dataclass(frozen=True)
class Outcome:
    """What became of an email.

    accepted: accepted. deferred: certainly not accepted, try later. refused: certainly not accepted, for
    good. uncertain: perhaps accepted. withdrawn: `may_complete` said no. The reason is in words,
    without personal data; the server's own words may name the recipient.
    """

    fate: Fate
    reason: str | None = None
    reply: str | None = None
    is_address_dead: bool = False


class ServerUnavailable(Exception):
    """No email can be handed over at all at the moment, for any recipient."""

    def __init__(self, reason: str, reply: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reply = reply


class Transport(Protocol):
    """A way to hand over emails, one after the other."""

    def hand_over(self, envelope: Envelope, may_complete: Callable[[], bool]) -> Outcome:
        """Hand over one email; `may_complete` is called once, when only its end is missing.

        Raises ServerUnavailable; if `may_complete` raises, the email is not sent.
        """

    def close(self) -> None:
        """Close the connection."""
