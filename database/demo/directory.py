"""The demo's creators and accounts: adds them, and removes them with all their data."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from database.demo.courses import COURSES
from database.demo.ids import stable_id
from database.tenancy import platform_tx, tenant_tx

LOAD_SECONDS = 600.0
DAYS_OLD = 200


@dataclass(frozen=True)
class DemoAccount:
    subject: str
    name: str
    role: str
    creator_id: UUID | None


# Children first, as whole statements: a cascade would delete them student by student.
EMPTIED = (
    "quiz_answers",
    "quiz_attempts",
    "chat_messages",
    "chat_sessions",
    "activity_events",
    "watch_segments",
    "video_progress",
)


def remove(creator_ids: list[UUID]) -> None:
    """Delete the creators with all their data; missing ones are no error."""
    for creator_id in creator_ids:
        with tenant_tx(creator_id, limit_seconds=LOAD_SECONDS) as connection:
            for table in EMPTIED:
                connection.execute(text(f"delete from {table} where creator_id = :creator"), {"creator": creator_id})
        with platform_tx(limit_seconds=LOAD_SECONDS) as connection:
            connection.execute(text("delete from creators where id = :creator"), {"creator": creator_id})


ADD_CREATOR = text(
    """
    insert into creators (id, name, subscription_tier, timezone, created_at)
    values (:id, :name, :subscription_tier, :timezone, :created_at)
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
        DemoAccount("staff", "Noor Haddad", "staff", None),
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
