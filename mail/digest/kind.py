"""The weekly digest as a kind of mail."""

from dataclasses import replace
from uuid import UUID

from actions.digest_items import remember_items
from actions.mail_ledger import Delivery
from database.clock import as_of
from database.creators import Creator, creator_of_id
from mail.digest.gather import gathered
from mail.digest.mail import digest_mail
from mail.digest.week import Week
from mail.kind import MailKind, NothingToSay
from mail.message import Attachment, Mail
from mail.unsubscribe_link import unsubscribe_url
from queries.periods.period import WEEK
from queries.preferences import preferences


def write_digest(creator_id: UUID, delivery: Delivery) -> Mail | NothingToSay:
    """The digest of the delivery's week; its lists are kept for the next one."""
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
    """The analytics snapshot of the same seven days, as of the end of the week."""
    # Imported late: the chart engine is large, and most digests have no report.
    from reports.snapshot.pdf import analytics_snapshot

    with as_of(week.last_moment):
        return Attachment(f"report-{week.name}.pdf", analytics_snapshot(creator_id, WEEK))


def _is_unwanted(creator_id: UUID, _delivery: Delivery) -> str | None:
    return None if preferences(creator_id).is_digest_on else "The weekly digest was turned off."


WEEKLY_DIGEST = MailKind(
    name="digest", title="Weekly digest", write=write_digest, why_not=_is_unwanted, noun="weekly digests"
)
