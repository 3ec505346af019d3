"""Sending invitations, and accepting them through the signed link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, text

from actions.mails import MailKey, MailToSend, addressed, queue_mails
from database.accounts import Account, may_write
from database.clock import now
from database.mail_addresses import ADDRESS_KEY_SQL, address_key
from database.refresh import refresh_now
from database.tenancy import JOB_SECONDS, tenant_tx
from rules.errors import InputError
from rules.tiers import opens_the_dashboard

INVITATION = "invitation"  # the kind of mail
VALID_FOR = timedelta(days=30)
LONGEST_NAME = 100  # characters

INVITE = text(
    """
    -- One row per address invited now: new ones, and those whose invitation has expired.
    insert into invitations (creator_id, email, email_key, author_id, expires_at, run_id)
    select
        :creator_id,
        email,
        email_key,
        :author_id,
        :expires_at,
        cast(:run_id as uuid)
    from unnest(cast(:emails as text[]), cast(:keys as text[])) as asked (email, email_key)
    on conflict (creator_id, email_key) do update set
        author_id = excluded.author_id,
        expires_at = excluded.expires_at,
        run_id = excluded.run_id,
        accepted_at = null,
        student_id = null
    where
        invitations.expires_at <= dashboard_now()
        or invitations.accepted_at is not null
    returning
        id,
        email
    """
)
INVITED = text(
    """
    -- One row, or none for an invitation that is not the creator's.
    select
        invitations.email,
        invitations.email_key,
        invitations.expires_at,
        invitations.accepted_at,
        invitations.run_id,
        creators.name as creator_name,
        creators.subscription_tier
    from invitations
    join creators on creators.id = invitations.creator_id
    where
        invitations.creator_id = :creator_id
        and invitations.id = :id
    for update of invitations
    """
)
STUDENT_OF_ADDRESS = text(
    f"""
    select id
    from students
    where
        creator_id = :creator_id
        and deleted_at is null
        and {ADDRESS_KEY_SQL.format("email")} = :email_key
    order by id
    limit 1
    """
)
ENROL = text(
    "insert into students (creator_id, name, email) values (:creator_id, :name, cast(:email as text)) returning id"
)
# The invitation's run, otherwise the first one; students who had left are enrolled again.
ENROL_IN_RUN = text(
    """
    insert into enrolments (creator_id, run_id, student_id, enrolled_at)
    select
        :creator_id,
        id,
        :student_id,
        :enrolled_at
    from course_runs
    where
        creator_id = :creator_id
        and (id = cast(:run_id as uuid) or cast(:run_id as uuid) is null)
    order by number
    limit 1
    on conflict (creator_id, student_id, run_id) do update set
        enrolled_at = excluded.enrolled_at,
        ended_at = null
    where enrolments.ended_at is not null
    """
)
RUNS = text("select id from course_runs where creator_id = :creator_id")
ACCEPTED = text(
    """
    update invitations
    set
        accepted_at = dashboard_now(),
        student_id = :student_id
    where
        creator_id = :creator_id
        and id = :id
    """
)


@dataclass(frozen=True)
class Invitation:
    """The invitation of a link."""

    creator_name: str
    email: str
    expires_at: datetime
    is_accepted: bool
    is_open: bool  # neither expired nor from a creator without the tier
    run_id: UUID | None  # None: the only run there was


def invite(
    author: Account, creator_id: UUID, addresses: Sequence[str], timezone: str, run_id: UUID | None = None
) -> int:
    """Invite people by email to this run of a course; returns how many.

    Raises InputError for staff, for an empty list, and for a run that does not exist or is not given although there
    are several. People with an unanswered invitation get no second email.
    """
    may_write(author, creator_id)
    if not addresses:
        raise InputError("There are no addresses to invite; paste some first.")
    today = now().astimezone(ZoneInfo(timezone)).date()
    keys = addressed(creator_id, addresses, lambda address: MailKey(INVITATION, address, today))
    asked = {
        "creator_id": creator_id,
        "author_id": author.id,
        "expires_at": now() + VALID_FOR,
        "emails": [key.recipient for key in keys],
        "keys": [address_key(key.recipient) for key in keys],
        "run_id": run_id,
    }
    with tenant_tx(creator_id, limit_seconds=JOB_SECONDS) as connection:
        _run_must_be_told(connection, creator_id, run_id)
        invited = connection.execute(INVITE, asked).all()
        return queue_mails(connection, creator_id, [_mail(row, today) for row in invited])


def invitation(creator_id: UUID, invitation_id: UUID) -> Invitation | None:
    """The invitation; None for an id that is not the creator's."""
    with tenant_tx(creator_id) as connection:
        return _invitation(connection, creator_id, invitation_id)


def accept(creator_id: UUID, invitation_id: UUID, name: str) -> bool:
    """Enrol the invited person; a second time changes nothing. False if the invitation is not open.

    A person with a student's address is that student. The figures change immediately.
    """
    with tenant_tx(creator_id) as connection:
        found = _invitation(connection, creator_id, invitation_id)
        if found is None or not (found.is_open or found.is_accepted):
            return False
        if found.is_accepted:
            return True
        _enrol(connection, creator_id, invitation_id, name.strip()[:LONGEST_NAME], found)
    refresh_now(creator_id)
    return True


def _run_must_be_told(connection: Connection, creator_id: UUID, run_id: UUID | None) -> None:
    there = list(connection.execute(RUNS, {"creator_id": creator_id}).scalars())
    if run_id is None and len(there) > 1:
        raise InputError("There are several courses or runs; choose the one to invite them to.")
    if run_id is not None and run_id not in there:
        raise InputError(f"The run {run_id} does not exist; reload the page and choose another one.")


def _mail(invited: Row[Any], today: date) -> MailToSend:
    key = MailKey(INVITATION, invited.email, today, about=str(invited.id))
    return MailToSend(key, now(), not_after=now() + VALID_FOR)


def _invitation(connection: Connection, creator_id: UUID, invitation_id: UUID) -> Invitation | None:
    row = connection.execute(INVITED, {"creator_id": creator_id, "id": invitation_id}).one_or_none()
    if row is None:
        return None
    return Invitation(
        creator_name=row.creator_name,
        email=row.email,
        expires_at=row.expires_at,
        is_accepted=row.accepted_at is not None,
        is_open=row.expires_at > now() and opens_the_dashboard(row.subscription_tier),
        run_id=row.run_id,
    )


def _enrol(connection: Connection, creator_id: UUID, invitation_id: UUID, name: str, found: Invitation) -> None:
    email = found.email
    person = {"creator_id": creator_id, "email": email, "email_key": address_key(email)}
    student_id = connection.execute(STUDENT_OF_ADDRESS, person).scalar()
    if student_id is None:
        student_id = connection.execute(ENROL, person | {"name": name or email.partition("@")[0]}).scalar_one()
    connection.execute(
        ENROL_IN_RUN,
        {"creator_id": creator_id, "student_id": student_id, "run_id": found.run_id, "enrolled_at": now()},
    )
    connection.execute(ACCEPTED, {"creator_id": creator_id, "id": invitation_id, "student_id": student_id})
