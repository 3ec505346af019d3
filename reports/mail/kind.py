"""What a kind of mail has to say about itself."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from actions.mail_ledger import Delivery
from reports.mail.message import Mail


@dataclass(frozen=True)
class NothingToSay:
    """There is nothing worth a mail; the reason is shown in the log: words, no personal data."""

    reason: str


def never(_creator_id: UUID, _delivery: Delivery) -> str | None:
    """No reason of its own to keep a mail back."""
    return None


@dataclass(frozen=True)
class MailKind:
    """A kind of mail.

    `write` runs once, after a worker has claimed the delivery; its mail is stored before it is sent.
    `why_not` is asked after every claim, also before a retry: a reason not to send it after all
    (switched off meanwhile), without personal data. The tier, the suppression list and
    `not_after` are looked after for every kind.
    """

    name: str  # as in the key
    title: str  # "Weekly digest": in the log and as the list's name
    write: Callable[[UUID, Delivery], Mail | NothingToSay]
    why_not: Callable[[UUID, Delivery], str | None] = never
    noun: str = "mails like this one"  # "You will not get … from Mira Vale any more."
