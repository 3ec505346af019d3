"""Announcements to students: sent after a minute or later, changed until then, cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from actions.mails import MailKey, MailToSend, addressed, cancel_mails, queue_mails
from database.accounts import Account, may_write
from database.announcements import ANNOUNCEMENT, Announcement
from database.clock import now
from database.tenancy import JOB_SECONDS, tenant_tx
from rules.edits import VersionConflict
from rules.errors import InputError

LONGEST_AUDIENCE = 500  # characters
MOST_RECIPIENTS = 20_000
UNDO_SECONDS = 60  # nothing is sent before, so that everything can be undone

ADD = text(
    """
    -- One row with the instant from which it is sent, by the database's clock; none if it was added before.
    insert into announcements (creator_id, id, author_id, subject, body, audience, due_at)
    values (
        :creator_id, :id, :author_id, :subject, :body, :audience,
        greatest(:due_at, dashboard_now() + make_interval(secs => :undo_seconds))
    )
    on conflict (creator_id, id) do nothing
    returning due_at
    """
)
STANDING = text("select subject, body from announcements where creator_id = :creator_id and id = :id")
TAKE_DRAFT = text("delete from announcement_drafts where creator_id = :creator_id and id = :id returning version")
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


POSTPONE = text(
    """
    -- One row per email of the announcement that waits.
    update mail_deliveries
    set
        due_at = greatest(:due_at, dashboard_now() + make_interval(secs => :undo_seconds)),
        next_attempt_at = greatest(:due_at, dashboard_now() + make_interval(secs => :undo_seconds)),
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and kind = 'announcement'
        and about = cast(:id as text)
        and state = 'pending'
        and attempts = 0
    """
)
HAS_BEGUN = text(
    """
    select exists (
        select
        from mail_deliveries
        where
            creator_id = :creator_id
            and kind = 'announcement'
            and about = cast(:id as text)
            and (state not in ('pending', 'cancelled') or attempts > 0)
    )
    """
)
CHANGE = text(
    """
    update announcements
    set
        subject = :subject,
        body = :body,
        due_at = greatest(:due_at, dashboard_now() + make_interval(secs => :undo_seconds)),
        version = version + 1,
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :id
        and version = :seen_version
        and cancelled_at is null
    returning version
    """
)


@dataclass(frozen=True)
class Sending:
    """An announcement to send; the id is created once per draft, so that a second click sends nothing more.

    Nothing is sent within a minute, even if it is due at once. `draft_version`: of the draft as its writer has seen it.
    """

    id: UUID
    content: Announcement
    audience: str  # how the recipients were chosen, in words
    due_at: datetime
    timezone: str
    draft_version: int | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """A student who was chosen: gets the email unless there is a reason to skip it."""

    student_id: UUID
    email: str
    skipped_because: str | None


def announce(author: Account, creator_id: UUID, sending: Sending, chosen: Sequence[Recipient]) -> int:
    """Queue the emails; returns how many are new. Its draft is deleted in the same transaction.

    Raises InputError for staff, who have read-only access, and if nobody would get it; VersionConflict if the draft was
    changed since, or sent with another text.
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
        due_at = _added(connection, author, creator_id, sending)
        if due_at is None:
            _must_be_the_same(connection, creator_id, sending)
            return 0  # sent by an earlier click
        _draft_taken(connection, creator_id, sending)
        _skips_added(connection, creator_id, sending.id, _left_out(chosen, mails))
        return queue_mails(connection, creator_id, [replace(mail, due_at=due_at) for mail in mails])


def change(
    author: Account,
    creator_id: UUID,
    announcement_id: UUID,
    content: Announcement,
    due_at: datetime,
    seen_version: int,
) -> int:
    """Change the text and the time of an announcement of which nothing has been sent; returns its new version.

    Raises VersionConflict if it was changed or cancelled since it was opened, or is being sent; InputError for staff.
    """
    may_write(author, creator_id)
    values = {
        "creator_id": creator_id,
        "id": announcement_id,
        "subject": content.subject,
        "body": content.body,
        "due_at": due_at,
        "seen_version": seen_version,
        "undo_seconds": UNDO_SECONDS,
    }
    with tenant_tx(creator_id, limit_seconds=JOB_SECONDS) as connection:
        connection.execute(
            POSTPONE, values
        )  # first: it locks the waiting emails, so that no worker takes one meanwhile
        if connection.execute(HAS_BEGUN, values).scalar_one():
            raise VersionConflict("It is being sent already, so it can no longer be changed.")
        version: int | None = connection.execute(CHANGE, values).scalar()
        if version is None:
            raise VersionConflict("This announcement was changed or cancelled in another tab since you opened it.")
        return version


def cancel(author: Account, creator_id: UUID, announcement_id: UUID) -> int:
    """Cancel unsent emails; returns how many. Raises InputError for staff, who have read-only access."""
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        connection.execute(CANCEL, {"creator_id": creator_id, "id": announcement_id})
        return cancel_mails(connection, creator_id, ANNOUNCEMENT, str(announcement_id))


def _added(connection: Connection, author: Account, creator_id: UUID, sending: Sending) -> datetime | None:
    values = {
        "creator_id": creator_id,
        "id": sending.id,
        "author_id": author.id,
        "subject": sending.content.subject,
        "body": sending.content.body,
        "audience": sending.audience[:LONGEST_AUDIENCE],
        "due_at": sending.due_at,
        "undo_seconds": UNDO_SECONDS,
    }
    due_at: datetime | None = connection.execute(ADD, values).scalar()
    return due_at


def _must_be_the_same(connection: Connection, creator_id: UUID, sending: Sending) -> None:
    sent = connection.execute(STANDING, {"creator_id": creator_id, "id": sending.id}).one()
    if (sent.subject, sent.body) != (sending.content.subject, sending.content.body):
        raise VersionConflict("This draft was sent from another tab since you opened it, with another text.")


def _draft_taken(connection: Connection, creator_id: UUID, sending: Sending) -> None:
    version = connection.execute(TAKE_DRAFT, {"creator_id": creator_id, "id": sending.id}).scalar()
    if version is not None and version != sending.draft_version:
        raise VersionConflict("This draft was changed in another tab since you opened it.")


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
