"""The demo's creators and accounts: adds them, and removes them with all their data."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from database.accounts import Account
from database.creator_removal import remove_creator
from database.demo.courses import COURSES
from database.demo.ids import stable_id
from database.demo.unwanted import do_without_demo
from database.engine import is_embedded
from database.tenancy import platform_tx

LOAD_SECONDS = 600.0
DAYS_OLD = 200
STAFF = "staff"
STAFF_ID = stable_id("account", STAFF)


@dataclass(frozen=True)
class DemoAccount:
    subject: str
    name: str
    role: str
    creator_id: UUID | None


DEMO_CREATORS = text("select id from creators where is_demo order by id")
FORGET_STAFF = text("delete from dashboard_users where id = :account_id")


def is_of_demo(account: Account) -> bool:
    """Whether the demo brought this account: that of one of its creators, or of its staff."""
    return account.is_demo or account.id == STAFF_ID


def remove_demo() -> int:
    """Remove every demo creator with everything of theirs, then the staff of the demo; returns how many there were.

    Nothing else changes, and the next start does not load it again. Can be stopped at any time; the next call
    continues. Raises StorageError.
    """
    if is_embedded():
        do_without_demo()
    with platform_tx() as connection:
        creator_ids = connection.execute(DEMO_CREATORS).scalars().all()
    for creator_id in creator_ids:
        remove_creator(creator_id)
    with platform_tx() as connection:
        connection.execute(FORGET_STAFF, {"account_id": STAFF_ID})
    return len(creator_ids)


ADD_CREATOR = text(
    """
    insert into creators (id, name, subscription_tier, timezone, is_demo, created_at)
    values (:id, :name, :subscription_tier, :timezone, true, :created_at)
    """
)

ADD_ACCOUNT = text(
    """
    insert into dashboard_users (id, issuer, subject, email, name, role, creator_id, created_at)
    values (:id, 'demo', :subject, :email, :name, :role, :creator_id, :created_at)
    on conflict (issuer, subject) do update set
        email = excluded.email,
        name = excluded.name,
        role = excluded.role,
        creator_id = excluded.creator_id,
        created_at = excluded.created_at,
        disabled_at = null
    """
)


def add_creators(moment: datetime) -> None:
    """Add the demo creators, as if they had joined long before their first student."""
    with platform_tx() as connection:
        for course in COURSES:
            connection.execute(
                ADD_CREATOR,
                {
                    "id": course.creator_id,
                    "name": course.creator,
                    "subscription_tier": course.subscription_tier,
                    "timezone": course.timezone,
                    "created_at": moment - timedelta(days=DAYS_OLD),
                },
            )


def add_accounts(moment: datetime) -> tuple[DemoAccount, ...]:
    """Add an account per creator and one for staff, to sign in with."""
    accounts = (
        *(DemoAccount(course.subject, course.creator, "creator", course.creator_id) for course in COURSES),
        DemoAccount(STAFF, "Noor Haddad", "staff", None),
    )
    with platform_tx() as connection:
        for account in accounts:
            connection.execute(
                ADD_ACCOUNT,
                {
                    "id": stable_id("account", account.subject),
                    "subject": account.subject,
                    "email": f"{account.subject}@example.com",
                    "name": account.name,
                    "role": account.role,
                    "creator_id": account.creator_id,
                    "created_at": moment - timedelta(days=DAYS_OLD),
                },
            )
    return accounts
