"""An announcement as an email to one student."""

from uuid import UUID

from actions.mail_ledger import Delivery
from database.accounts import account
from database.announcements import ANNOUNCEMENT, Announcement
from database.creators import creator_of_id
from database.mail_addresses import is_mailable
from mail.kind import MailKind, NothingToSay
from mail.markdown import html_of
from mail.message import Mail
from mail.plain_text import in_one_line
from mail.rendering import written
from mail.unsubscribe_link import unsubscribe_url
from queries.mails.announcement_text import AnnouncementText, announcement_text

CANCELLED = "The announcement was cancelled."


def announcement_mail(
    content: Announcement, creator_name: str, unsubscribe: str | None = None, reply_to: str | None = None
) -> Mail:
    """The email as each recipient gets it; without an unsubscribe link it is a preview."""
    sender = in_one_line(creator_name, 80) or "Your teacher"
    texts = written(
        "announcement",
        subject=content.subject,
        body_text=content.body,
        body_html=html_of(content.body),
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
        _address_of(told.author_id),
    )


def _why_not(creator_id: UUID, delivery: Delivery) -> str | None:
    told = _text(creator_id, delivery)
    return CANCELLED if told is None or told.cancelled_at is not None else None


def _text(creator_id: UUID, delivery: Delivery) -> AnnouncementText | None:
    return announcement_text(creator_id, UUID(delivery.about))


def _address_of(author_id: UUID | None) -> str | None:
    author = account(author_id) if author_id else None
    return author.email if author and author.email and is_mailable(author.email) else None


ANNOUNCEMENTS = MailKind(
    name=ANNOUNCEMENT, title="Announcements", write=write_announcement, why_not=_why_not, noun="announcements"
)
