"""Accounts: how a sign-in finds its account; and the audit log."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from database.tenancy import platform_tx
from rules.errors import InputError

# Not issuers: accounts of the demo sign-in, and accounts waiting for their first sign-in.
DEMO, INVITED = "demo", "invited"

# Collation "C" folds only ASCII letters: no other letter can pass for one in an address.
SAME_E_MAIL = 'lower(dashboard_users.email collate "C") = lower(cast(:email as text) collate "C")'

COLUMNS = """
        dashboard_users.id,
        dashboard_users.name,
        dashboard_users.email,
        dashboard_users.role,
        dashboard_users.creator_id,
        creators.shown_name as creator_name,
        creators.subscription_tier,
        coalesce(creators.is_demo, false) as is_demo
    from dashboard_users
    left join creators on creators.id = dashboard_users.creator_id
    where dashboard_users.disabled_at is null
"""
DEMO_ACCOUNTS = text(f"select {COLUMNS} and dashboard_users.issuer = 'demo' order by role, lower(dashboard_users.name)")
ACCOUNT = text(f"select {COLUMNS} and dashboard_users.id = :account_id")
ACCOUNT_OF_IDENTITY = text(
    f"select {COLUMNS} and dashboard_users.issuer = :issuer and dashboard_users.subject = :subject"
)
IS_DISABLED = text(
    """
    select exists (
        select
        from dashboard_users
        where
            issuer = :issuer
            and subject = :subject
            and disabled_at is not null
    )
    """
)
LINK = text(
    f"""
    -- One row if exactly one account has this email and nobody has signed in to it yet.
    with candidates as (
        select id
        from dashboard_users
        where
            issuer <> 'demo'
            and {SAME_E_MAIL}
    )

    update dashboard_users
    set
        issuer = :issuer,
        subject = :subject
    from candidates
    where
        dashboard_users.id = candidates.id
        and dashboard_users.issuer = 'invited'
        and dashboard_users.disabled_at is null
        and (select count(*) from candidates) = 1
        and not exists (
            select
            from dashboard_users as known
            where
                known.issuer = :issuer
                and known.subject = :subject
        )
    """
)
ADD_DEMO_ACCOUNT = text(
    """
    insert into dashboard_users as known (issuer, subject, name, role, creator_id)
    values ('demo', :subject, :name, 'creator', :creator_id)
    on conflict (issuer, subject) do update set name = known.name
    returning id
    """
)
NOTE = text(
    "insert into audit_log (creator_id, user_id, action, detail) "
    "values (:creator_id, :account_id, :action, jsonb_build_object('about', cast(:about as text)))"
)


class NotStaff(PermissionError):
    """Somebody else requested something that only staff may see or do."""


@dataclass(frozen=True)
class Account:
    """A person who may sign in; creator_id and the tier are None for staff."""

    id: UUID
    name: str
    email: str | None
    role: str
    creator_id: UUID | None
    creator_name: str | None
    subscription_tier: str | None
    is_demo: bool = False  # of a creator whose data is invented


def demo_accounts() -> list[Account]:
    """The accounts that the demo sign-in offers: creators first, then staff."""
    with platform_tx() as connection:
        return [Account(**row) for row in connection.execute(DEMO_ACCOUNTS).mappings()]


def account(account_id: UUID) -> Account | None:
    """The account as it is now; None if it is unknown or disabled."""
    with platform_tx() as connection:
        return _one(connection, ACCOUNT, account_id=account_id)


def account_of_identity(issuer: str, subject: str, verified_email: str | None = None) -> Account | None:
    """The account of a person confirmed by an OpenID provider; None if there is none.

    The identity is (issuer, subject). At the first sign-in, and only then, an email that the
    provider has verified leads to the one account that was added for it and has no identity yet.
    """
    if issuer in ("", DEMO, INVITED) or not subject:
        return None
    identity = {"issuer": issuer, "subject": subject}
    with platform_tx() as connection:
        known = _one(connection, ACCOUNT_OF_IDENTITY, **identity)
        if known or not verified_email:
            return known
        connection.execute(LINK, identity | {"email": verified_email})
        return _one(connection, ACCOUNT_OF_IDENTITY, **identity)


def is_disabled(issuer: str, subject: str) -> bool:
    """Whether this identity had an account that was disabled."""
    with platform_tx() as connection:
        return bool(connection.execute(IS_DISABLED, {"issuer": issuer, "subject": subject}).scalar_one())


def may_write(author: Account, creator_id: UUID) -> None:
    """Raise InputError unless the data belongs to the account: staff can only read it, others not even that."""
    if author.creator_id != creator_id:
        raise InputError("Read-only for staff: only the creator can make changes.")


def must_be_staff(connection: Connection, account_id: UUID) -> None:
    """Raise NotStaff unless the account is staff right now; takes a transaction of the platform."""
    known = _one(connection, ACCOUNT, account_id=account_id)
    if known is None or known.role != "staff":
        raise NotStaff("Only staff may see or do this.")


def add_demo_account(creator_id: UUID, name: str) -> None:
    """Let this computer's demo sign-in open a creator's dashboard; does nothing if it already can."""
    with platform_tx() as connection:
        add_local_account(connection, creator_id, name)


def add_local_account(connection: Connection, creator_id: UUID, name: str) -> UUID:
    """The same in the caller's transaction of the platform; returns the account's id."""
    added: UUID = connection.execute(
        ADD_DEMO_ACCOUNT, {"subject": str(creator_id), "name": name, "creator_id": creator_id}
    ).scalar_one()
    return added


def note_opening(account_id: UUID, creator_id: UUID) -> None:
    """Record in the audit log that a member of staff opened this creator's dashboard."""
    with platform_tx() as connection:
        note(connection, creator_id, account_id, "dashboard opened")


def note(
    connection: Connection, creator_id: UUID, account_id: UUID | None, action: str, about: str | None = None
) -> None:
    """Add a row to the audit log, in the caller's transaction of the platform."""
    connection.execute(NOTE, {"creator_id": creator_id, "account_id": account_id, "action": action, "about": about})


def _one(connection: Connection, statement: TextClause, **parameters: object) -> Account | None:
    row = connection.execute(statement, parameters).mappings().one_or_none()
    return Account(**row) if row else None
