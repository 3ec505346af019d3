"""An invitation as a mail."""

from uuid import UUID
from zoneinfo import ZoneInfo

from actions.invitations import INVITATION, invitation, invitation_about
from actions.mail_ledger import Delivery
from database.creators import creator_of_id
from mail.invitation_link import invitation_url
from mail.kind import MailKind, NothingToSay
from mail.message import Mail
from mail.plain_text import in_one_line
from mail.rendering import written
from mail.unsubscribe_link import unsubscribe_url
from rules.formatting import dated_in_full

NOT_OPEN = "The invitation was accepted or withdrawn, has expired or no longer exists."


def write_invitation(creator_id: UUID, delivery: Delivery) -> Mail | NothingToSay:
    """The email with the link to accept."""
    invitation_id = invitation_about(delivery.about)
    found = invitation(creator_id, invitation_id)
    if found is None or not found.is_open or found.is_accepted:
        return NothingToSay(NOT_OPEN)
    creator = creator_of_id(creator_id)
    name = in_one_line(creator.name, 80) or "A teacher"
    until = found.expires_at.astimezone(ZoneInfo(creator.timezone))
    texts = written(
        "invitation",
        creator_name=name,
        accept_url=invitation_url(creator_id, invitation_id),
        until=dated_in_full(until),
        unsubscribe_url=unsubscribe_url(creator_id, delivery.id),
    )
    return Mail(texts.subject, texts.text, texts.html, from_name=name)


def _why_not(creator_id: UUID, delivery: Delivery) -> str | None:
    found = invitation(creator_id, invitation_about(delivery.about))
    return None if found and found.is_open and not found.is_accepted else NOT_OPEN


INVITATIONS = MailKind(
    name=INVITATION, title="Invitations", write=write_invitation, why_not=_why_not, noun="invitations"
)
