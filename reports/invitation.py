"""An invitation as a mail."""

from uuid import UUID
from zoneinfo import ZoneInfo

from actions.invitations import INVITATION, invitation
from actions.mail_ledger import Delivery
from database.creators import creator_of_id
from reports.invitation_link import invitation_url
from reports.mail.kind import MailKind, NothingToSay
from reports.mail.message import Mail
from reports.mail.unsubscribe_link import unsubscribe_url
from reports.rendering import written
from reports.words import in_one_line


def write_invitation(creator_id: UUID, delivery: Delivery) -> Mail | NothingToSay:
    """The mail with the link that accepts."""
    invitation_id = UUID(delivery.about)
    found = invitation(creator_id, invitation_id)
    if found is None or not found.is_open or found.is_accepted:
        return NothingToSay("The invitation is accepted, has run out, or exists no more.")
    creator = creator_of_id(creator_id)
    name = in_one_line(creator.name, 80) or "A teacher"
    until = found.expires_at.astimezone(ZoneInfo(creator.timezone))
    texts = written(
        "invitation",
        creator_name=name,
        accept_url=invitation_url(creator_id, invitation_id),
        until=f"{until.day} {until:%B %Y}",
        unsubscribe_url=unsubscribe_url(creator_id, delivery.id),
    )
    return Mail(texts.subject, texts.text, texts.html, from_name=name)


INVITATIONS = MailKind(name=INVITATION, title="Invitations", write=write_invitation, noun="invitations")
