"""The due-scan: which creators get their weekly digest now."""

from uuid import UUID

from actions.mail_schedules import DigestTime, advance_schedule, creators_to_schedule
from database.account_directory import mail_addresses
from database.each import each
from queries.preferences import preferences
from rules.preferences import WEEKDAYS


def queue_due_digests() -> int:
    """Queue every digest that is due; returns how many are new. Any number of processes may run it at once."""
    return sum(each(creators_to_schedule(), _scheduled, "digest"))


def wanted_time(creator_id: UUID) -> DigestTime | None:
    """When the creator wants the digest; None if turned off."""
    chosen = preferences(creator_id)
    return DigestTime(WEEKDAYS.index(chosen.digest_weekday), chosen.digest_hour) if chosen.is_digest_on else None


def _scheduled(creator_id: UUID) -> int:
    return advance_schedule(creator_id, wanted_time(creator_id), mail_addresses(creator_id))
