"""The weekly digest as a kind of mail."""

from dataclasses import replace
from uuid import UUID

from actions.digest_items import remember_items
from actions.mail_ledger import Delivery
from database.clock import as_of
from database.creators import Creator, creator_of_id
from queries.periods import WEEK
from queries.preferences import preferences
from reports.digest.gather import gathered
from reports.digest.mail import digest_mail
from reports.digest.week import Week
from reports.mail.kind import MailKind, NothingToSay
from reports.mail.message import Attachment, Mail
from reports.mail.unsubscribe_link import unsubscribe_url


def write_digest(creator_id: UUID, delivery: Delivery) -> Mail | NothingToSay:
    """The digest about the week that the delivery's period names; what it lists is kept for the next one."""
    creator: Creator = creator_of_id(creator_id)
    week = Week(delivery.period_start, creator.timezone)
    digest = gathered(creator, week)
    mail = digest_mail(digest, unsubscribe_url(creator_id, delivery.id))
    if isinstance(mail, NothingToSay):
        return mail
    remember_items(creator_id, delivery.period_start, digest.keys)
    return replace(mail, attachments=(_report(creator_id, week),)) if _wants_report(creator_id) else mail


def _wants_report(creator_id: UUID) -> bool:
    return preferences(creator_id).digest_has_report


def _report(creator_id: UUID, week: Week) -> Attachment:
    """The analytics snapshot of the same seven days, as they stood when the week ended."""
    # Imported late: the engine of the charts is large, and most digests go without a report.
    from reports.snapshot_pdf import analytics_snapshot

    with as_of(week.last_moment):
        return Attachment(f"report-{week.name}.pdf", analytics_snapshot(creator_id, WEEK))


def _is_unwanted(creator_id: UUID, _delivery: Delivery) -> str | None:
    return None if preferences(creator_id).is_digest_on else "The weekly digest was switched off."


WEEKLY_DIGEST = MailKind(
    name="digest", title="Weekly digest", write=write_digest, why_not=_is_unwanted, noun="weekly digests"
)
