"""What keeps the words of old mails, and the names in them, from staying for ever."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from database.clock import now
from database.creators import creators
from database.each import each
from database.tenancy import JOB_SECONDS, tenant_tx

CONTENT_KEPT_FOR = timedelta(days=90)

# Failed and unknown mails keep their words: a person may still send them again, and then the same ones.
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
    """Remove what was written in mails that are done with and over 90 days old; how many.

    Who was sent what kind of mail when, with its subject, stays in the ledger: no key is ever used twice.
    """
    kept_since = now() - CONTENT_KEPT_FOR
    return sum(each(creators(), lambda creator: _forgotten(creator.id, kept_since), "mail_contents"))


def _forgotten(creator_id: UUID, kept_since: datetime) -> int:
    with tenant_tx(creator_id, JOB_SECONDS) as connection:
        return connection.execute(FORGET, {"creator_id": creator_id, "kept_since": kept_since}).rowcount
