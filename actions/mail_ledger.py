"""What becomes of a mail: claimed, written, handed over, each step committed before the next one begins.

Every claim has a new token, and every later step names it: a worker that was too slow finds that
the mail is no longer its own. That a mail is "sending" is committed just before the mail server is told that it is
complete. A worker that dies before that has sent nothing; one that dies after it may have sent it.
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
from database.tenancy import platform_tx, tenant_tx

LEASE_SECONDS = 600.0  # longer than any mail server is waited for
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
    -- Rows whose worker did not come back: nothing was sent of a claimed one; a sending one may have arrived.
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
CLAIM = text(
    """
    with due as (
        select id
        from mail_deliveries
        where
            creator_id = :creator_id
            and kind = any(:kinds)
            and state = 'pending'
            and next_attempt_at <= dashboard_now()
        order by
            next_attempt_at,
            id
        limit 1
        for update skip locked
    )

    update mail_deliveries
    set
        state = 'claimed',
        reason = null,
        token = token + 1,
        attempts = attempts + 1,
        claimed_until = dashboard_now() + make_interval(secs => :lease_seconds),
        updated_at = dashboard_now()
    from due
    where
        creator_id = :creator_id
        and mail_deliveries.id = due.id
    returning
        creator_id, mail_deliveries.id, kind, about, period_start, recipient, student_id, payload,
        snapshot, message_id, written_at, token, attempts, due_at, not_after
    """
)
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
    -- "unknown" too: the worker that was given up may still hear the server's answer.
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
    """A mail that this worker has claimed; without a snapshot it is not written yet."""

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
    """How creator and recipient stand at this moment; `suppressed` says why the recipient gets no such mail."""

    subscription_tier: str
    is_recipient_gone: bool
    suppressed: str | None


def creators_with_work(kinds: Sequence[str]) -> list[UUID]:
    """The creators with mail of these kinds that is due, or left by a worker that died; longest waiting first."""
    with platform_tx() as connection:
        return list(connection.execute(CREATORS_WITH_WORK, {"kinds": list(kinds)}).scalars())


def release_abandoned(creator_id: UUID) -> int:
    """Take mails from workers that died: back to pending, or to unknown where the mail may have arrived; how many."""
    with tenant_tx(creator_id) as connection:
        released = connection.execute(RELEASE_ABANDONED, {"creator_id": creator_id, "most_attempts": MOST_ATTEMPTS})
        return released.rowcount


def claim_next(creator_id: UUID, kinds: Sequence[str], lease_seconds: float = LEASE_SECONDS) -> Delivery | None:
    """Claim the mail that waits longest, committed; None where none is due or others hold them all."""
    with tenant_tx(creator_id) as connection:
        claimed = connection.execute(
            CLAIM, {"creator_id": creator_id, "kinds": list(kinds), "lease_seconds": lease_seconds}
        )
        row = claimed.mappings().one_or_none()
        return Delivery(**row) if row else None


def standing(delivery: Delivery) -> Standing:
    """Read anew whether the mail may be sent."""
    with tenant_tx(delivery.creator_id) as connection:
        asked = {
            "creator_id": delivery.creator_id,
            "recipient": delivery.recipient,
            "kind": delivery.kind,
            "student_id": delivery.student_id,
        }
        return Standing(**connection.execute(STANDING, asked).mappings().one())


def store_written(delivery: Delivery, snapshot: Mapping[str, Any], message_id: str, written_at: datetime) -> bool:
    """Keep the mail as it was written; False where the delivery is no longer this worker's."""
    return _step(
        delivery,
        WRITTEN,
        snapshot=json.dumps(snapshot),
        subject=snapshot["subject"],
        message_id=message_id,
        written_at=written_at,
    )


def begin_sending(delivery: Delivery, lease_seconds: float = LEASE_SECONDS) -> bool:
    """Note that the server is about to be told that the mail is complete.

    False, and it must not be told: another worker has the mail, it was called off, or the recipient wants none since.
    """
    return _step(delivery, SENDING, lease_seconds=lease_seconds)


def note_sent(delivery: Delivery, smtp_reply: str) -> bool:
    """The mail server took it."""
    return _end(delivery, "sent", None, smtp_reply)


def note_unknown(delivery: Delivery, reason: str, smtp_reply: str | None = None) -> bool:
    """The mail server may have taken it; it is never sent again by itself."""
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
