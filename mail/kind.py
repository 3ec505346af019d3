"""The definition of a kind of email."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from actions.mail_ledger import Delivery
from mail.message import Mail


@dataclass(frozen=True)
class NothingToSay:
    """There is nothing to send; the reason is shown in the email log, without personal data."""

    reason: str


def never(_creator_id: UUID, _delivery: Delivery) -> str | None:
    """The default: no reason not to send it."""
    return None


def unchanged(delivery: Delivery) -> Delivery | NothingToSay:
    """The default: to the address it was queued for."""
    return delivery


@dataclass(frozen=True)
class MailKind:
    """A kind of mail.

    `addressed` is called after every claim: the delivery to the recipient's address of now, or why there is none.
    `write` runs once, after a worker has claimed the delivery; the email is stored before it is sent.
    `why_not` is called after every claim, even before a retry: a reason not to send it after all
    (turned off in the meantime), without personal data. The tier, the suppression list and
    `not_after` are checked for every kind.
    """

    name: str  # as in the key
    title: str  # "Weekly digest": in the log and as the list's name
    write: Callable[[UUID, Delivery], Mail | NothingToSay]
    why_not: Callable[[UUID, Delivery], str | None] = never
    addressed: Callable[[Delivery], Delivery | NothingToSay] = unchanged
    noun: str = "emails like this one"  # "You will no longer get … from Mira Vale."
