"""The link that accepts an invitation: it works until the invitation runs out, for this invitation alone."""

from urllib.parse import urlencode
from uuid import UUID

from database.settings import settings
from database.signing import is_signed, signature

PURPOSE = "invitation"
PATH = "/api/invitation"


def invitation_url(creator_id: UUID, invitation_id: UUID) -> str:
    """Signed; when it runs out stands in the database, so that a new invitation makes an old link work again."""
    signed = signature(PURPOSE, str(creator_id), str(invitation_id))
    return f"{settings().public_url}{PATH}?" + urlencode({"c": creator_id, "i": invitation_id, "s": signed})


def is_invitation_link(creator_id: UUID, invitation_id: UUID, given: str) -> bool:
    """Whether `given` signs the link of exactly this invitation."""
    return is_signed(given, PURPOSE, str(creator_id), str(invitation_id))
