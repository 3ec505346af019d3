"""When each creator's weekly digest is due, and queueing those that are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from actions.mails import MailKey, MailToSend, queue_mails
from database.clock import now
from database.local_time import latest_weekly, next_weekly, week_start
from database.tenancy import platform_tx, tenant_tx

DIGEST = "digest"
USEFUL_FOR = timedelta(days=3)
WEEK = timedelta(days=7)

WAITING = text(
    """
    -- One row per creator whose digest is due, or whose next one has to be recalculated.
    select mail_schedules.creator_id
    from mail_schedules
    join creators on creators.id = mail_schedules.creator_id
    where
        mail_schedules.next_due_at <= dashboard_now()
        or mail_schedules.timezone is distinct from creators.timezone
    order by mail_schedules.next_due_at nulls last
    """
)
SCHEDULE = text(
    """
    select
        mail_schedules.next_due_at,
        mail_schedules.timezone as reckoned_in,
        creators.timezone
    from mail_schedules
    join creators on creators.id = mail_schedules.creator_id
    where mail_schedules.creator_id = :creator_id
    for update of mail_schedules
    """
)
SET = text("update mail_schedules set next_due_at = :next_due_at, timezone = :timezone where creator_id = :creator_id")


@dataclass(frozen=True)
class DigestTime:
    """When a creator wants the digest, in their local time. Monday is 0."""

    weekday: int
    hour: int


def creators_to_schedule() -> list[UUID]:
    """The creators with a digest due, or with a changed preference or time zone."""
    with platform_tx() as connection:
        return list(connection.execute(WAITING).scalars())


def advance_schedule(creator_id: UUID, wanted: DigestTime | None, readers: Sequence[str]) -> int:
    """Queue the due digest and schedule the next one, in one transaction; returns how many emails are new.

    A digest covers the local week before the one in which it is due, so that there is one per
    local week, even if the time zone or the preference changed in the meantime. After a long break only
    the latest one is queued. Without a chosen time none is due.
    """
    with tenant_tx(creator_id) as connection:
        schedule = connection.execute(SCHEDULE, {"creator_id": creator_id}).one()
        is_due = schedule.next_due_at is not None and schedule.next_due_at <= now()
        if not is_due and schedule.reckoned_in == schedule.timezone:
            return 0  # another scheduler was here
        zone = ZoneInfo(schedule.timezone)
        queued = _queue_latest(connection, creator_id, wanted, zone, readers) if wanted and is_due else 0
        next_due_at = next_weekly(now(), zone, wanted.weekday, wanted.hour)[1] if wanted else None
        connection.execute(SET, {"creator_id": creator_id, "next_due_at": next_due_at, "timezone": schedule.timezone})
        return queued


def queue_digest(
    connection: Connection,
    creator_id: UUID,
    period_start: date,
    readers: Sequence[str],
    due_at: datetime,
    not_after: datetime | None = None,
) -> int:
    """Queue one week's digest for every reader, in the caller's transaction; returns how many were new.

    Takes the readers of `mail_addresses`, who all have valid addresses.
    """
    keys = (MailKey(DIGEST, reader, period_start) for reader in readers)
    return queue_mails(connection, creator_id, [MailToSend(key, due_at, not_after) for key in keys])


def _queue_latest(
    connection: Connection, creator_id: UUID, wanted: DigestTime, zone: ZoneInfo, readers: Sequence[str]
) -> int:
    day, due_at = latest_weekly(now(), zone, wanted.weekday, wanted.hour)
    return queue_digest(connection, creator_id, week_start(day) - WEEK, readers, due_at, due_at + USEFUL_FOR)
