"""The link that accepts an invitation: it works until the invitation expires, and only for this invitation."""

from urllib.parse import urlencode
from uuid import UUID

from database.settings import settings
from database.signing import is_signed, signature

PURPOSE = "invitation"
PATH = "/api/invitation"


def invitation_url(creator_id: UUID, invitation_id: UUID) -> str:
    """A signed link; the expiry is in the database, so that a new invitation makes an old link work again."""
    signed = signature(PURPOSE, str(creator_id), str(invitation_id))
    return f"{settings().public_url}{PATH}?" + urlencode({"c": creator_id, "i": invitation_id, "s": signed})


def is_invitation_link(creator_id: UUID, invitation_id: UUID, given: str) -> bool:
    """Whether `given` is the signature of exactly this invitation's link."""
    return is_signed(given, PURPOSE, str(creator_id), str(invitation_id))
