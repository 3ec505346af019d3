"""Removes the contents of old emails, and the names in them."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from database.clock import now
from database.creators import creators
from database.each import each
from database.tenancy import JOB_SECONDS, tenant_tx

CONTENT_KEPT_FOR = timedelta(days=90)

# Failed and unknown emails keep their contents: a person may still send them again, unchanged.
FORGET = text(
    """
    update mail_deliveries
    set snapshot = null
    where
        creator_id = :creator_id
        and state in ('sent', 'skipped')
        and created_at < :kept_since
        and snapshot is not null
    """
)


def forget_old_mail_contents() -> int:
    """Remove the contents of finished emails that are over 90 days old; returns how many.

    Recipient, kind, time and subject stay in the ledger: no key is ever used twice.
    """
    kept_since = now() - CONTENT_KEPT_FOR
    return sum(each(creators(), lambda creator: _forgotten(creator.id, kept_since), "mail_contents"))


def _forgotten(creator_id: UUID, kept_since: datetime) -> int:
    with tenant_tx(creator_id, JOB_SECONDS) as connection:
        return connection.execute(FORGET, {"creator_id": creator_id, "kept_since": kept_since}).rowcount
