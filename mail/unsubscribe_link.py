"""The unsubscribe link: it identifies the email, not the address, and never expires."""

from urllib.parse import urlencode
from uuid import UUID

from database.settings import settings
from database.signing import is_signed, signature

PURPOSE = "unsubscribe"
PATH = "/api/unsubscribe"


def unsubscribe_url(creator_id: UUID, delivery_id: UUID) -> str:
    """A signed link, for the email's List-Unsubscribe header and its last line."""
    signed = signature(PURPOSE, str(creator_id), str(delivery_id))
    return f"{settings().public_url}{PATH}?" + urlencode({"c": creator_id, "d": delivery_id, "s": signed})


def is_unsubscribe_link(creator_id: UUID, delivery_id: UUID, given: str) -> bool:
    """Whether `given` is the signature of exactly this email's link."""
    return is_signed(given, PURPOSE, str(creator_id), str(delivery_id))
