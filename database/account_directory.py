"""Account administration: adding, listing, disabling."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from database.accounts import DEMO, INVITED, SAME_E_MAIL, note
from database.mail_addresses import address_key, deliverable
from database.tenancy import directory_tx, platform_tx
from rules.errors import InputError

E_MAIL = re.compile(r"[!-?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")  # ASCII, no spaces, one @
E_MAIL_LIMIT = 254  # characters, RFC 5321

ACCOUNTS_OF_E_MAIL = text(
    f"""
    select
        id,
        disabled_at
    from dashboard_users
    where
        issuer <> 'demo'
        and {SAME_E_MAIL}
    """
)
INVITE = text(
    """
    insert into dashboard_users (id, issuer, subject, email, name, role, creator_id)
    values (
        coalesce(cast(:id as uuid), gen_random_uuid()),
        'invited',
        lower(cast(:email as text) collate "C"),
        :email,
        :name,
        :role,
        :creator_id
    )
    on conflict (id) do update set
        issuer = excluded.issuer,
        subject = excluded.subject,
        email = excluded.email,
        name = excluded.name,
        role = excluded.role,
        creator_id = excluded.creator_id,
        disabled_at = null
    returning id
    """
)
LISTED_ACCOUNTS = text(
    """
    -- One row per account: staff first, then by name.
    select
        dashboard_users.id,
        dashboard_users.name,
        dashboard_users.email,
        dashboard_users.role,
        creators.shown_name as creator_name,
        dashboard_users.issuer,
        dashboard_users.created_at,
        dashboard_users.disabled_at
    from dashboard_users
    left join creators on creators.id = dashboard_users.creator_id
    order by
        dashboard_users.role desc,
        lower(dashboard_users.name) asc,
        dashboard_users.id asc
    """
)
MAIL_ADDRESSES = text(
    """
    select email
    from dashboard_users
    where
        creator_id = :creator_id
        and disabled_at is null
        and email is not null
    order by created_at
    """
)
DISABLE = text(
    """
    update dashboard_users
    set disabled_at = coalesce(disabled_at, dashboard_now())
    where id = :account_id
    returning creator_id
    """
)


@dataclass(frozen=True)
class ListedAccount:
    """An account in the administrators' list, including disabled ones."""

    id: UUID
    name: str
    email: str | None
    role: str
    creator_name: str | None
    issuer: str
    created_at: datetime
    disabled_at: datetime | None

    @property
    def state(self) -> str:
        """disabled, invited (nobody has signed in yet), demo or active."""
        if self.disabled_at:
            return "disabled"
        return self.issuer if self.issuer in (DEMO, INVITED) else "active"


def invite(email: str, name: str, creator_id: UUID | None) -> UUID:
    """Add an account, activated by the first sign-in with this email; staff have no creator. Returns its id.

    A disabled account with this email is enabled again, and waits for a new first sign-in.
    Raises InputError for an invalid address, and for an email that already has an account.
    """
    with platform_tx() as connection:
        return invited(connection, email, name, creator_id)


def invited(connection: Connection, email: str, name: str, creator_id: UUID | None) -> UUID:
    """The same in the caller's transaction of the platform."""
    if len(email) > E_MAIL_LIMIT or not E_MAIL.fullmatch(email):
        raise InputError(f'"{email}" is not an email address; write one such as mira@example.com.')
    known = connection.execute(ACCOUNTS_OF_E_MAIL, {"email": email}).all()
    if any(row.disabled_at is None for row in known) or len(known) > 1:
        raise InputError(f'"{email}" has an account already; see `python manage.py user list`.')
    details = {"email": email, "name": name, "role": "creator" if creator_id else "staff", "creator_id": creator_id}
    added: UUID = connection.execute(INVITE, details | {"id": known[0].id if known else None}).scalar_one()
    return added


def listed_accounts() -> list[ListedAccount]:
    """Every account, staff first, then by name."""
    with directory_tx() as connection:
        return [ListedAccount(**row) for row in connection.execute(LISTED_ACCOUNTS).mappings()]


def listed_account(email_or_id: str) -> ListedAccount:
    """The account with this email or id. Raises InputError when there is none or more than one."""
    wanted = email_or_id.lower()
    found = [known for known in listed_accounts() if wanted in ((known.email or "").lower(), str(known.id))]
    if not found:
        raise InputError(f'There is no account "{email_or_id}"; see `python manage.py user list`.')
    if len(found) > 1:
        ids = ", ".join(str(known.id) for known in found)
        raise InputError(f'{len(found)} accounts have the email "{email_or_id}"; give one of their ids: {ids}.')
    return found[0]


def mail_addresses(creator_id: UUID) -> list[str]:
    """The creator's email addresses: those of all open accounts, each once."""
    with platform_tx() as connection:
        found = connection.execute(MAIL_ADDRESSES, {"creator_id": creator_id}).scalars()
        addresses = filter(None, map(deliverable, found))
        return list({address_key(address): address for address in addresses}.values())


def disable(account_id: UUID, by_account_id: UUID | None = None) -> None:
    """Disable an account; anyone signed in with it is signed out within a minute. Raises InputError for an unknown id.

    Recorded in its creator's audit log; staff accounts have no creator and are not recorded.
    """
    with platform_tx() as connection:
        closed = connection.execute(DISABLE, {"account_id": account_id}).one_or_none()
        if closed is None:
            raise InputError(f'There is no account "{account_id}".')
        if closed.creator_id:
            note(connection, closed.creator_id, by_account_id, "account disabled", str(account_id))
