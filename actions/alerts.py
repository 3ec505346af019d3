"""Alert emails: queued once per local day, remembering what has been reported."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from actions.mails import MailKey, MailToSend, addressed, queue_mails
from database.tenancy import platform_tx, tenant_tx
from rules.tiers import DASHBOARD_TIER

ALERT = "alert"  # the kind of mail
USEFUL_FOR = timedelta(hours=20)  # before the next one is due

ENTITLED = text("select id from creators where subscription_tier = :dashboard_tier order by id")
REMEMBER = text(
    """
    insert into alerted_notices (creator_id, notice_key, alert_date)
    select
        :creator_id,
        unnest(cast(:keys as text[])),
        :alert_date
    on conflict do nothing
    """
)
FORGET = text(
    """
    -- What no longer applies is reported again if it comes back.
    delete from alerted_notices
    where
        creator_id = :creator_id
        and notice_key <> all(cast(:keys as text[]))
    """
)


def entitled_creators() -> list[UUID]:
    """The creators who may get alerts."""
    with platform_tx() as connection:
        return list(connection.execute(ENTITLED, {"dashboard_tier": DASHBOARD_TIER}).scalars())


def queue_alert(creator_id: UUID, day: date, readers: Sequence[str], due_at: datetime) -> int:
    """Queue the day's alert for every reader; returns how many were new."""
    mails = addressed(
        creator_id, readers, lambda reader: MailToSend(MailKey(ALERT, reader, day), due_at, due_at + USEFUL_FOR)
    )
    with tenant_tx(creator_id) as connection:
        return queue_mails(connection, creator_id, mails)


def remember_alerted(creator_id: UUID, day: date, told: Iterable[str], current: Iterable[str]) -> None:
    """Remember what was reported, as long as it is still true."""
    with tenant_tx(creator_id) as connection:
        connection.execute(FORGET, {"creator_id": creator_id, "keys": list(current)})
        connection.execute(REMEMBER, {"creator_id": creator_id, "keys": list(told), "alert_date": day})
