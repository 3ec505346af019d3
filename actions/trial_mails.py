"""Emails that creators send to themselves: an announcement before it is sent, a digest on the spot."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from actions.mails import MailKey, MailToSend, queue_mail
from database.accounts import Account, may_write
from database.announcements import Announcement
from database.clock import now
from database.mail_addresses import deliverable
from database.tenancy import tenant_tx
from rules.errors import InputError

ANNOUNCEMENT_TRIAL, DIGEST_TRIAL = "announcement_trial", "digest_trial"
MOST_A_DAY = 50

ASKED_TODAY = text(
    """
    select count(*)
    from mail_deliveries
    where
        creator_id = :creator_id
        and kind = any(:kinds)
        and created_at > dashboard_now() - interval '1 day'
    """
)


def send_announcement_trial(
    author: Account, creator_id: UUID, content: Announcement, student_id: UUID | None, timezone: str
) -> str:
    """Email the author the announcement as this student would get it; returns the address.

    Raises InputError for staff, without an address, and after 50 a day.
    """
    today = now().astimezone(ZoneInfo(timezone)).date()
    payload = {
        "subject": content.subject,
        "body": content.body,
        "student_id": student_id and str(student_id),
        "author_id": str(author.id),
    }
    return _queued(author, creator_id, ANNOUNCEMENT_TRIAL, today, payload)


def send_digest_trial(author: Account, creator_id: UUID, week_start: date) -> str:
    """Email the author the digest of the week that begins then; returns the address. Raises like the other."""
    return _queued(author, creator_id, DIGEST_TRIAL, week_start, {})


def _queued(author: Account, creator_id: UUID, kind: str, period_start: date, payload: dict[str, Any]) -> str:
    may_write(author, creator_id)
    address = deliverable(author.email or "")
    if address is None:
        raise InputError("Your account has no email address, so there is nowhere to send it.")
    key = MailKey(kind, address, period_start, about=str(uuid4()))
    with tenant_tx(creator_id) as connection:
        _must_be_few(connection, creator_id)
        queue_mail(connection, creator_id, MailToSend(key, now(), payload=payload))
    return address


def _must_be_few(connection: Connection, creator_id: UUID) -> None:
    asked = {"creator_id": creator_id, "kinds": [ANNOUNCEMENT_TRIAL, DIGEST_TRIAL]}
    if connection.execute(ASKED_TODAY, asked).scalar_one() >= MOST_A_DAY:
        raise InputError(f"{MOST_A_DAY} test emails were sent today; send the next one tomorrow.")
