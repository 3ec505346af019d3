"""Queueing emails, cancelling them, and sending them again by hand."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, text

from database.accounts import must_be_staff, note
from database.each import each
from database.failures import Item
from database.mail_addresses import address_key, is_mailable
from database.signing import signature
from database.tenancy import platform_tx, tenant_tx
from rules.errors import InputError

T = TypeVar("T")
R = TypeVar("R")

HASH_CHARACTERS = 12

QUEUE = text(
    """
    -- One row per mail that was not queued before.
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
        reason = 'Cancelled before it was sent.',
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
    """The unique key of an email per creator: queued twice, it is still one email.

    `period_start` is the local date on which the period begins (of a digest: a Monday); `about`
    distinguishes several of one kind in the same period (an announcement's id). Never put the id of a
    run or of a task into it. Raises InputError for an invalid address.
    """

    kind: str
    recipient: str
    period_start: date
    about: str = ""

    def __post_init__(self) -> None:
        if not is_mailable(self.recipient):
            raise InputError(f'"{self.recipient}" is not a valid email address; write one such as mira@example.com.')


@dataclass(frozen=True)
class MailToSend:
    """A queued email, rendered when it is due. `payload` is JSON with what its kind needs to render it."""

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
    """An email, or its key, for each recipient. Invalid addresses are recorded for staff and skipped.

    `named` gives an id to record; without it, addresses are recorded as a keyed hash.
    Call it before opening a transaction: it needs its own, and a pooler may have no second connection.
    """
    naming = named or _hashed
    return each(recipients, to, "recipient", lambda recipient: Item(creator_id, f"{creator_id} {naming(recipient)}"))


def queue_mail(connection: Connection, creator_id: UUID, mail: MailToSend) -> bool:
    """Queue an email in the caller's transaction of the creator; False if the key was queued before."""
    return queue_mails(connection, creator_id, [mail]) == 1


def queue_mails(connection: Connection, creator_id: UUID, mails: Iterable[MailToSend]) -> int:
    """Queue many emails with one statement; returns how many are new."""
    asked = json.dumps([_row(mail) for mail in mails])
    return len(connection.execute(QUEUE, {"creator_id": creator_id, "mails": asked}).all())


def cancel_mails(connection: Connection, creator_id: UUID, kind: str, about: str) -> int:
    """Cancel emails that are not being handed over yet; returns how many. A worker holding one notices."""
    return connection.execute(CANCEL, {"creator_id": creator_id, "kind": kind, "about": about}).rowcount


def send_again(staff_id: UUID, creator_id: UUID, delivery_id: UUID) -> None:
    """Send a failed or unconfirmed email again; the audit log records who did.

    Raises NotStaff, and InputError for a mail in another state or an unknown one.
    """
    with platform_tx() as connection:
        must_be_staff(connection, staff_id)
        note(connection, creator_id, staff_id, "mail sent again", str(delivery_id))
    with tenant_tx(creator_id) as connection:
        changed = connection.execute(SEND_AGAIN, {"creator_id": creator_id, "delivery_id": delivery_id}).rowcount
    if not changed:
        raise InputError(
            "Only an email that failed, or whose delivery is not confirmed, can be sent again; reload to see its state."
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
