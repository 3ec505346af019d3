"""Sending an invitation again, and withdrawing one."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from actions.invitations import INVITATION, VALID_FOR, about_mail
from actions.mails import MailKey, MailToSend, cancel_mails, queue_mail
from database.accounts import Account, may_write
from database.clock import now
from database.tenancy import tenant_tx
from rules.errors import InputError

AGAIN = text(
    """
    -- One row: the invitation, open for another 30 days, with the number of its next email.
    update invitations
    set
        expires_at = :expires_at,
        withdrawn_at = null,
        mails_queued = mails_queued + 1
    where
        creator_id = :creator_id
        and id = :id
        and accepted_at is null
        and mails_queued = :mails_seen
    returning
        email,
        mails_queued
    """
)
WITHDRAW = text(
    """
    -- One row: the invitation whose link no longer works.
    update invitations
    set withdrawn_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :id
        and accepted_at is null
        and withdrawn_at is null
    returning mails_queued
    """
)


def invite_again(author: Account, creator_id: UUID, invitation_id: UUID, mails_seen: int, timezone: str) -> None:
    """Send the invitation again; its link works for 30 days from now.

    `mails_seen`: how many emails it had, so that two clicks are one email. Raises InputError for staff, and if it
    was accepted or sent again since.
    """
    may_write(author, creator_id)
    asked = {
        "creator_id": creator_id,
        "id": invitation_id,
        "mails_seen": mails_seen,
        "expires_at": now() + VALID_FOR,
    }
    with tenant_tx(creator_id) as connection:
        row = connection.execute(AGAIN, asked).one_or_none()
        if row is None:
            raise InputError("This invitation was accepted or sent again since; reload the page.")
        key = MailKey(INVITATION, row.email, _today(timezone), about_mail(invitation_id, row.mails_queued))
        queue_mail(connection, creator_id, MailToSend(key, now(), not_after=now() + VALID_FOR))


def withdraw(author: Account, creator_id: UUID, invitation_id: UUID) -> None:
    """Withdraw the invitation: its link no longer works, and an email that waits is cancelled.

    Raises InputError for staff, and if it was accepted or withdrawn before.
    """
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        number = connection.execute(WITHDRAW, {"creator_id": creator_id, "id": invitation_id}).scalar()
        if number is None:
            raise InputError("This invitation was accepted or withdrawn since; reload the page.")
        cancel_mails(connection, creator_id, INVITATION, about_mail(invitation_id, number))


def _today(timezone: str) -> date:
    return now().astimezone(ZoneInfo(timezone)).date()
