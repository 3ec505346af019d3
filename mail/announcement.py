"""An announcement as an email to one student."""

from collections.abc import Mapping
from uuid import UUID

from actions.mail_ledger import Delivery
from actions.mail_recipients import Unreachable, readdressed
from database.accounts import account
from database.announcements import ANNOUNCEMENT, Announcement
from database.creators import creator_of_id
from database.mail_addresses import deliverable
from mail.kind import MailKind, NothingToSay
from mail.markdown import html_of
from mail.message import Mail
from mail.plain_text import in_one_line
from mail.rendering import written
from mail.unsubscribe_link import unsubscribe_url
from queries.mails.announcement_text import AnnouncementText, announcement_text
from queries.mails.recipient_values import recipient_values
from rules.placeholders import filled, filled_html

CANCELLED = "The announcement was cancelled."


def announcement_mail(
    content: Announcement,
    creator_name: str,
    unsubscribe: str | None = None,
    reply_to: str | None = None,
    values: Mapping[str, str] | None = None,
) -> Mail:
    """The email to a recipient with these values; without any, its placeholders stay as they are.

    Without an unsubscribe link it is a preview.
    """
    sender = in_one_line(creator_name, 80) or "Your teacher"
    html = html_of(content.body)
    texts = written(
        "announcement",
        subject=content.subject if values is None else filled(content.subject, values),
        body_text=content.body if values is None else filled(content.body, values),
        body_html=html if values is None else filled_html(html, values),
        creator_name=sender,
        unsubscribe_url=unsubscribe,
    )
    return Mail(texts.subject, texts.text, texts.html, from_name=sender, reply_to=reply_to)


def write_announcement(creator_id: UUID, delivery: Delivery) -> Mail | NothingToSay:
    """The email of one delivery; replies go to the author of the announcement."""
    told = _text(creator_id, delivery)
    if told is None:
        return NothingToSay("The announcement no longer exists.")
    return announcement_mail(
        Announcement(told.subject, told.body),
        creator_of_id(creator_id).name,
        unsubscribe_url(creator_id, delivery.id),
        reply_address(told.author_id),
        values_of(creator_id, delivery.student_id),
    )


def values_of(creator_id: UUID, student_id: UUID | None) -> Mapping[str, str]:
    """What is known of the student; empty for somebody who is not enrolled."""
    return recipient_values(creator_id, [student_id]).get(student_id, {}) if student_id else {}


def reply_address(author_id: UUID | None) -> str | None:
    """Where replies to the author go; None for an account without an address."""
    author = account(author_id) if author_id else None
    return deliverable(author.email) if author and author.email else None


def _why_not(creator_id: UUID, delivery: Delivery) -> str | None:
    told = _text(creator_id, delivery)
    return CANCELLED if told is None or told.cancelled_at is not None else None


def _text(creator_id: UUID, delivery: Delivery) -> AnnouncementText | None:
    return announcement_text(creator_id, UUID(delivery.about))


def _addressed(delivery: Delivery) -> Delivery | NothingToSay:
    current = readdressed(delivery)
    return NothingToSay(current.reason) if isinstance(current, Unreachable) else current


ANNOUNCEMENTS = MailKind(
    name=ANNOUNCEMENT,
    title="Announcements",
    write=write_announcement,
    why_not=_why_not,
    addressed=_addressed,
    noun="announcements",
)
