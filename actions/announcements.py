"""Announcements to students: sent now or later, cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from actions.mails import MailKey, MailToSend, addressed, cancel_mails, queue_mails
from database.accounts import Account, may_write
from database.announcements import ANNOUNCEMENT, Announcement
from database.clock import now
from database.tenancy import JOB_SECONDS, tenant_tx
from rules.errors import InputError

LONGEST_AUDIENCE = 500  # characters
MOST_RECIPIENTS = 20_000

ADD = text(
    """
    insert into announcements (creator_id, id, author_id, subject, body, audience, due_at)
    values (:creator_id, :id, :author_id, :subject, :body, :audience, :due_at)
    on conflict (creator_id, id) do nothing
    """
)
ADD_SKIPS = text(
    """
    insert into announcement_skips (creator_id, announcement_id, student_id, reason)
    select
        :creator_id,
        :id,
        student_id,
        reason
    from unnest(cast(:student_ids as uuid[]), cast(:reasons as text[])) as skipped (student_id, reason)
    on conflict do nothing
    """
)
CANCEL = text(
    """
    update announcements
    set cancelled_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :id
        and cancelled_at is null
    """
)


@dataclass(frozen=True)
class Sending:
    """An announcement to send; the id is created once per draft, so that a second click sends nothing more."""

    id: UUID
    content: Announcement
    audience: str  # how the recipients were chosen, in words
    due_at: datetime
    timezone: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """A student who was chosen: gets the email unless there is a reason to skip it."""

    student_id: UUID
    email: str
    skipped_because: str | None


def announce(author: Account, creator_id: UUID, sending: Sending, chosen: Sequence[Recipient]) -> int:
    """Queue the emails; returns how many are new.

    Raises InputError for staff, who have read-only access, and if nobody would get it.
    """
    may_write(author, creator_id)
    reached = [recipient for recipient in chosen if recipient.skipped_because is None]
    if not reached:
        raise InputError("Nobody would get this announcement; choose other students.")
    if len(reached) > MOST_RECIPIENTS:
        raise InputError(
            f"{len(reached):,} students are too many for one announcement; choose at most {MOST_RECIPIENTS:,}."
        )
    mails = addressed(creator_id, reached, lambda one: _mail(sending, one), lambda one: f"student {one.student_id}")
    with tenant_tx(creator_id, limit_seconds=JOB_SECONDS) as connection:
        if not _added(connection, author, creator_id, sending):
            return 0  # sent by an earlier click
        _skips_added(connection, creator_id, sending.id, _left_out(chosen, mails))
        return queue_mails(connection, creator_id, mails)


def cancel(author: Account, creator_id: UUID, announcement_id: UUID) -> int:
    """Cancel unsent emails; returns how many. Raises InputError for staff, who have read-only access."""
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        connection.execute(CANCEL, {"creator_id": creator_id, "id": announcement_id})
        return cancel_mails(connection, creator_id, ANNOUNCEMENT, str(announcement_id))


def _added(connection: Connection, author: Account, creator_id: UUID, sending: Sending) -> bool:
    values = {
        "creator_id": creator_id,
        "id": sending.id,
        "author_id": author.id,
        "subject": sending.content.subject,
        "body": sending.content.body,
        "audience": sending.audience[:LONGEST_AUDIENCE],
        "due_at": sending.due_at,
    }
    return connection.execute(ADD, values).rowcount == 1


def _left_out(chosen: Sequence[Recipient], mails: Sequence[MailToSend]) -> dict[UUID, str]:
    """The skipped students, and those whose address turned out to be unusable."""
    reached = {mail.student_id for mail in mails}
    others = (recipient for recipient in chosen if recipient.student_id not in reached)
    return {recipient.student_id: recipient.skipped_because or "no_address" for recipient in others}


def _skips_added(connection: Connection, creator_id: UUID, announcement_id: UUID, skipped: dict[UUID, str]) -> None:
    connection.execute(
        ADD_SKIPS,
        {
            "creator_id": creator_id,
            "id": announcement_id,
            "student_ids": [str(student_id) for student_id in skipped],
            "reasons": list(skipped.values()),
        },
    )


def _mail(sending: Sending, recipient: Recipient) -> MailToSend:
    day = now().astimezone(ZoneInfo(sending.timezone)).date()
    key = MailKey(ANNOUNCEMENT, recipient.email, day, about=str(sending.id))
    return MailToSend(key, sending.due_at, student_id=recipient.student_id)
