"""Mail to be sent: asked for, called off, sent once more by a person."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, text

from database.accounts import must_be_staff, note
from database.each import each
from database.errors import InputError
from database.failures import Item
from database.mail_addresses import address_key, is_mailable
from database.signing import signature
from database.tenancy import platform_tx, tenant_tx

T = TypeVar("T")
R = TypeVar("R")

HASH_CHARACTERS = 12

QUEUE = text(
    """
    -- One row per mail that had not been asked for before.
    with mails_asked_for as (
        select asked.*
        from jsonb_to_recordset(cast(:mails as jsonb)) as asked (
            kind text, about text, period_start date, recipient text, recipient_key text,
            student_id uuid, payload jsonb, due_at timestamptz, not_after timestamptz
        )
    )

    insert into mail_deliveries (
        creator_id, kind, about, period_start, recipient, recipient_key,
        student_id, payload, due_at, not_after, next_attempt_at
    )
    select
        :creator_id, kind, about, period_start, recipient, recipient_key,
        student_id, payload, due_at, not_after, due_at as next_attempt_at
    from mails_asked_for
    on conflict do nothing
    returning id
    """
)
CANCEL = text(
    """
    update mail_deliveries
    set
        state = 'cancelled',
        reason = 'Called off before it was sent.',
        token = token + 1,
        claimed_until = null,
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and kind = :kind
        and about = :about
        and state in ('pending', 'claimed')
    """
)
SEND_AGAIN = text(
    """
    update mail_deliveries
    set
        state = 'pending',
        reason = 'Staff asked to send it again.',
        token = token + 1,
        claimed_until = null,
        attempts = 0,
        not_after = null,
        next_attempt_at = dashboard_now(),
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :delivery_id
        and state in ('unknown', 'failed')
    """
)


@dataclass(frozen=True)
class MailKey:
    """What a mail is for, once per creator: asked for twice, it is one mail.

    `period_start` is the local date on which the period begins (of a digest: a Monday); `about`
    tells several of one kind in the same period apart (an announcement's id). Never put the id of a
    run or of a task into it. Raises InputError for an address that no mail can go to.
    """

    kind: str
    recipient: str
    period_start: date
    about: str = ""

    def __post_init__(self) -> None:
        if not is_mailable(self.recipient):
            raise InputError(
                f'"{self.recipient}" is no address that mail can go to; write one such as mira@example.com.'
            )


@dataclass(frozen=True)
class MailToSend:
    """A mail asked for, to be written when it is due. `payload` is JSON: what its kind needs to write it."""

    key: MailKey
    due_at: datetime
    not_after: datetime | None = None
    student_id: UUID | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


def addressed(
    creator_id: UUID,
    recipients: Iterable[T],
    to: Callable[[T], R],
    named: Callable[[T], str] | None = None,
) -> list[R]:
    """A mail, or its key, to each recipient. One whom none can be addressed to is noted for staff, the others go on.

    `named` gives an id to note; without it a keyed hash stands for recipients that are addresses themselves.
    Call it before a transaction is opened: it takes one of its own, and a pooler may have no second connection.
    """
    naming = named or _hashed
    return each(recipients, to, "recipient", lambda recipient: Item(creator_id, f"{creator_id} {naming(recipient)}"))


def queue_mail(connection: Connection, creator_id: UUID, mail: MailToSend) -> bool:
    """Ask for a mail in the caller's transaction of the creator; False where the key has been asked for before."""
    return queue_mails(connection, creator_id, [mail]) == 1


def queue_mails(connection: Connection, creator_id: UUID, mails: Iterable[MailToSend]) -> int:
    """Ask for many mails with one statement; how many are new."""
    asked = json.dumps([_row(mail) for mail in mails])
    return len(connection.execute(QUEUE, {"creator_id": creator_id, "mails": asked}).all())


def cancel_mails(connection: Connection, creator_id: UUID, kind: str, about: str) -> int:
    """Call off what is not being handed over yet; how many. A worker that holds one finds out before it sends."""
    return connection.execute(CANCEL, {"creator_id": creator_id, "kind": kind, "about": about}).rowcount


def send_again(staff_id: UUID, creator_id: UUID, delivery_id: UUID) -> None:
    """Send a failed mail, or one of unknown fate, once more; the audit log says who wanted it.

    Raises NotStaff, and InputError for a mail in another state or an unknown one.
    """
    with platform_tx() as connection:
        must_be_staff(connection, staff_id)
        note(connection, creator_id, staff_id, "mail sent again", str(delivery_id))
    with tenant_tx(creator_id) as connection:
        changed = connection.execute(SEND_AGAIN, {"creator_id": creator_id, "delivery_id": delivery_id}).rowcount
    if not changed:
        raise InputError(
            "Only a mail that failed, or whose fate is unknown, can be sent again; look at its state anew."
        )


def _hashed(recipient: object) -> str:
    return signature("recipient", ascii(recipient))[:HASH_CHARACTERS]


def _row(mail: MailToSend) -> dict[str, Any]:
    return {
        "kind": mail.key.kind,
        "about": mail.key.about,
        "period_start": mail.key.period_start.isoformat(),
        "recipient": mail.key.recipient,
        "recipient_key": address_key(mail.key.recipient),
        "student_id": mail.student_id and str(mail.student_id),
        "payload": dict(mail.payload),
        "due_at": mail.due_at.isoformat(),
        "not_after": mail.not_after and mail.not_after.isoformat(),
    }
