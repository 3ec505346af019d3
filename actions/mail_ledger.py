"""The steps of an email: claimed, rendered, handed over, each committed before the next one begins.

Every claim has a new token, and every later step checks it: a worker that was too slow finds that
the email is no longer its own. The state "sending" is committed just before the mail server is told that the email
is complete. A worker that dies before that has sent nothing; one that dies after it may have sent it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text

from database.clock import now
from database.mail_addresses import ADDRESS_KEY_SQL
from database.statements import sql
from database.tenancy import platform_tx, tenant_tx

LEASE_SECONDS = 600.0  # longer than we wait for any mail server
MOST_ATTEMPTS = 8

CREATORS_WITH_WORK = text(
    """
    -- One row per creator with mail to send, or with mail that a dead worker left; longest waiting first.
    select creator_id
    from mail_deliveries
    where
        kind = any(:kinds)
        and (
            (state = 'pending' and next_attempt_at <= dashboard_now())
            or (state in ('claimed', 'sending') and claimed_until <= dashboard_now())
        )
    group by creator_id
    order by min(next_attempt_at)
    """
)
RELEASE_ABANDONED = text(
    """
    -- Rows whose worker did not come back: a claimed mail was not sent; a sending one may have arrived.
    update mail_deliveries
    set
        state = case
            when state = 'sending' then 'unknown'
            when attempts >= :most_attempts then 'failed'
            else 'pending'
        end,
        reason = case
            when state = 'sending' then 'The program stopped while the server was taking the mail: it may have arrived.'
            when attempts >= :most_attempts then 'Given up: the program was stopped each time before anything was sent.'
            else 'The program was stopped before anything was sent.'
        end,
        claimed_until = null,
        next_attempt_at = case state when 'claimed' then dashboard_now() else next_attempt_at end,
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and state in ('claimed', 'sending')
        and claimed_until <= dashboard_now()
    """
)
CLAIM = text(sql("actions/claim_mail"))
STANDING = text(
    f"""
    -- One row: whether the creator may send at all, and whether the recipient wants it.
    select
        creators.subscription_tier,
        students.deleted_at is not null as is_recipient_gone,
        (
            select min(mail_suppressions.reason)
            from mail_suppressions
            where
                mail_suppressions.creator_id = :creator_id
                and mail_suppressions.recipient_key = {ADDRESS_KEY_SQL.format("cast(:recipient as text)")}
                and mail_suppressions.kind in (:kind, 'every')
        ) as suppressed
    from creators
    left join students
        on
            students.creator_id = creators.id
            and students.id = cast(:student_id as uuid)
    where creators.id = :creator_id
    """
)
MINE = "creator_id = :creator_id and id = :id and token = :token"
WRITTEN = text(
    f"""
    update mail_deliveries
    set
        snapshot = cast(:snapshot as jsonb),
        subject = :subject,
        message_id = :message_id,
        written_at = :written_at,
        updated_at = dashboard_now()
    where
        {MINE}
        and state = 'claimed'
    """
)
SENDING = text(
    f"""
    update mail_deliveries
    set
        state = 'sending',
        claimed_until = dashboard_now() + make_interval(secs => :lease_seconds),
        updated_at = dashboard_now()
    where
        {MINE}
        and state = 'claimed'
        and not exists (
            select
            from mail_suppressions
            where
                mail_suppressions.creator_id = mail_deliveries.creator_id
                and mail_suppressions.recipient_key = mail_deliveries.recipient_key
                and mail_suppressions.kind in (mail_deliveries.kind, 'every')
        )
    """
)
ENDED = text(
    f"""
    -- "unknown" too: the worker presumed dead may still get the server's answer.
    update mail_deliveries
    set
        state = :state,
        reason = :reason,
        smtp_reply = coalesce(cast(:smtp_reply as text), smtp_reply),
        sent_at = case when :state = 'sent' then dashboard_now() end,
        next_attempt_at = coalesce(cast(:next_attempt_at as timestamptz), next_attempt_at),
        claimed_until = null,
        updated_at = dashboard_now()
    where
        {MINE}
        and state in ('claimed', 'sending', 'unknown')
    """
)


@dataclass(frozen=True)
class Delivery:
    """An email claimed by this worker; without a snapshot it is not rendered yet."""

    creator_id: UUID
    id: UUID
    kind: str
    about: str
    period_start: date
    recipient: str
    student_id: UUID | None
    payload: dict[str, Any]
    snapshot: dict[str, Any] | None
    message_id: str | None
    written_at: datetime | None
    token: int
    attempts: int
    due_at: datetime
    not_after: datetime | None


@dataclass(frozen=True)
class Standing:
    """The current state of creator and recipient; `suppressed` says why the recipient gets no such email."""

    subscription_tier: str
    is_recipient_gone: bool
    suppressed: str | None


def creators_with_work(kinds: Sequence[str]) -> list[UUID]:
    """The creators with due email of these kinds, or email left by a dead worker; longest waiting first."""
    with platform_tx() as connection:
        return list(connection.execute(CREATORS_WITH_WORK, {"kinds": list(kinds)}).scalars())


def release_abandoned(creator_id: UUID) -> int:
    """Release the emails of dead workers: to pending, or to unknown if they may have arrived; returns how many."""
    with tenant_tx(creator_id) as connection:
        released = connection.execute(RELEASE_ABANDONED, {"creator_id": creator_id, "most_attempts": MOST_ATTEMPTS})
        return released.rowcount


def claim_next(creator_id: UUID, kinds: Sequence[str], lease_seconds: float = LEASE_SECONDS) -> Delivery | None:
    """Claim the email that has waited longest, and commit; None if none is due or others hold them all."""
    with tenant_tx(creator_id) as connection:
        claimed = connection.execute(
            CLAIM, {"creator_id": creator_id, "kinds": list(kinds), "lease_seconds": lease_seconds}
        )
        row = claimed.mappings().one_or_none()
        return Delivery(**row) if row else None


def standing(delivery: Delivery) -> Standing:
    """Check again whether the email may be sent."""
    with tenant_tx(delivery.creator_id) as connection:
        asked = {
            "creator_id": delivery.creator_id,
            "recipient": delivery.recipient,
            "kind": delivery.kind,
            "student_id": delivery.student_id,
        }
        return Standing(**connection.execute(STANDING, asked).mappings().one())


def store_written(delivery: Delivery, snapshot: Mapping[str, Any], message_id: str, written_at: datetime) -> bool:
    """Store the rendered email; False if the delivery is no longer this worker's."""
    return _step(
        delivery,
        WRITTEN,
        snapshot=json.dumps(snapshot),
        subject=snapshot["subject"],
        message_id=message_id,
        written_at=written_at,
    )


def begin_sending(delivery: Delivery, lease_seconds: float = LEASE_SECONDS) -> bool:
    """Record that the end of the email is about to be sent.

    False, and it must not be sent: another worker has it, it was cancelled, or the recipient has unsubscribed since.
    """
    return _step(delivery, SENDING, lease_seconds=lease_seconds)


def note_sent(delivery: Delivery, smtp_reply: str) -> bool:
    """The mail server accepted it."""
    return _end(delivery, "sent", None, smtp_reply)


def note_unknown(delivery: Delivery, reason: str, smtp_reply: str | None = None) -> bool:
    """The mail server may have accepted it; it is never sent again automatically."""
    return _end(delivery, "unknown", reason, smtp_reply)


def note_failed(delivery: Delivery, reason: str, smtp_reply: str | None = None) -> bool:
    """It will not arrive."""
    return _end(delivery, "failed", reason, smtp_reply)


def note_skipped(delivery: Delivery, reason: str) -> bool:
    """It was not to be sent after all."""
    return _end(delivery, "skipped", reason)


def try_later(delivery: Delivery, reason: str, wait: timedelta, smtp_reply: str | None = None) -> bool:
    """Nothing was sent; try again after the wait."""
    return _end(delivery, "pending", reason, smtp_reply, now() + wait)


def _end(
    delivery: Delivery,
    state: str,
    reason: str | None,
    smtp_reply: str | None = None,
    next_attempt_at: datetime | None = None,
) -> bool:
    return _step(delivery, ENDED, state=state, reason=reason, smtp_reply=smtp_reply, next_attempt_at=next_attempt_at)


def _step(delivery: Delivery, statement: TextClause, **values: Any) -> bool:
    mine = {"creator_id": delivery.creator_id, "id": delivery.id, "token": delivery.token}
    with tenant_tx(delivery.creator_id) as connection:
        return connection.execute(statement, mine | values).rowcount == 1
