"""The due-scan: which creators get their weekly digest now."""

import logging
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from actions.mail_schedules import DigestTime, advance_schedule, creators_to_schedule
from database.account_directory import mail_addresses
from database.preferences import WEEKDAYS
from queries.preferences import preferences

logger = logging.getLogger(__name__)


def queue_due_digests() -> int:
    """Ask for every digest that is due; how many mails are new. Any number of processes may run it at once."""
    return sum(_scheduled(creator_id) for creator_id in creators_to_schedule())


def wanted_time(creator_id: UUID) -> DigestTime | None:
    """When the creator wants the digest; None for not at all."""
    chosen = preferences(creator_id)
    return DigestTime(WEEKDAYS.index(chosen.digest_weekday), chosen.digest_hour) if chosen.is_digest_on else None


def _scheduled(creator_id: UUID) -> int:
    readers = mail_addresses(creator_id)
    try:
        return advance_schedule(creator_id, wanted_time(creator_id), readers)
    except SQLAlchemyError as error:  # one creator's trouble must not hold up the others; the next scan tries again
        logger.error("schedule of %s: %s", creator_id, type(error).__name__)
        return 0
