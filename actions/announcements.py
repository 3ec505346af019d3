"""Announcements to students: sent now or later, called off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Connection, text

from actions.mails import MailKey, MailToSend, addressed, cancel_mails, queue_mails
from database.accounts import Account, may_write
from database.announcements import ANNOUNCEMENT, Announcement
from database.clock import now
from database.errors import InputError
from database.tenancy import JOB_SECONDS, tenant_tx

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
    """An announcement about to be sent; the id is made once per draft, so that a second click sends nothing more."""

    id: UUID
    content: Announcement
    audience: str  # how the recipients were chosen, in words
    due_at: datetime
    timezone: str


def announce(author: Account, creator_id: UUID, sending: Sending, chosen: pd.DataFrame) -> int:
    """Ask for the mails; how many are new. Takes the frame of `queries.announcements.audience`.

    Raises InputError for staff, who only read, and where nobody would get it.
    """
    may_write(author, creator_id)
    reached = chosen[chosen["skipped_because"].isna()]
    if reached.empty:
        raise InputError("Nobody would get this announcement; choose other students.")
    if len(reached) > MOST_RECIPIENTS:
        raise InputError(
            f"{len(reached):,} students are too many for one announcement; choose at most {MOST_RECIPIENTS:,}."
        )
    mails = addressed(
        creator_id, reached.itertuples(), lambda row: _mail(sending, row), lambda row: f"student {row.student_id}"
    )
    with tenant_tx(creator_id, limit_seconds=JOB_SECONDS) as connection:
        if not _added(connection, author, creator_id, sending):
            return 0  # sent by an earlier click
        _skips_added(connection, creator_id, sending.id, _left_out(chosen, mails))
        return queue_mails(connection, creator_id, mails)


def call_off(author: Account, creator_id: UUID, announcement_id: UUID) -> int:
    """Cancel what is not sent yet; how many mails. Raises InputError for staff, who only read."""
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


def _left_out(chosen: pd.DataFrame, mails: Sequence[MailToSend]) -> pd.DataFrame:
    """Who gets no mail: those who were not to, and those whose address turned out to be of no use."""
    others = chosen[~chosen["student_id"].isin([mail.student_id for mail in mails])]
    return others.assign(skipped_because=others["skipped_because"].fillna("no_address"))


def _skips_added(connection: Connection, creator_id: UUID, announcement_id: UUID, skipped: pd.DataFrame) -> None:
    connection.execute(
        ADD_SKIPS,
        {
            "creator_id": creator_id,
            "id": announcement_id,
            "student_ids": [str(student_id) for student_id in skipped["student_id"]],
            "reasons": skipped["skipped_because"].tolist(),
        },
    )


def _mail(sending: Sending, row: object) -> MailToSend:
    day = now().astimezone(ZoneInfo(sending.timezone)).date()
    key = MailKey(ANNOUNCEMENT, row.email, day, about=str(sending.id))  # type: ignore[attr-defined]
    return MailToSend(key, sending.due_at, student_id=row.student_id)  # type: ignore[attr-defined]
