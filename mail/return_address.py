"""The return address of bounced email: signed, and identifying the email."""

from base64 import b32decode, b32encode, urlsafe_b64decode
from binascii import Error
from hmac import compare_digest
from uuid import UUID

from database.signing import signature

PURPOSE = "mail return address"
TAG_SIGN = "+"
ID_LENGTH, SEAL_LENGTH = 26, 16  # characters: 128 and 80 bits in base32
SEAL_BYTES = 10


def return_address(bounce_address: str, delivery_id: UUID) -> str:
    """bounces+TAG@example.com for bounces@example.com; the tag survives servers that fold case."""
    local_part, _, domain = bounce_address.rpartition("@")
    return f"{local_part}{TAG_SIGN}{_base32(delivery_id.bytes)}{_seal(delivery_id)}@{domain}"


def returned_delivery(address: str) -> UUID | None:
    """The delivery that this return address was made for; None unless we made it."""
    tag = address.rpartition("@")[0].rpartition(TAG_SIGN)[2].lower()
    if len(tag) != ID_LENGTH + SEAL_LENGTH or not tag.isascii():
        return None
    try:
        delivery_id = UUID(bytes=b32decode(tag[:ID_LENGTH].upper() + "======"))
    except (Error, ValueError):
        return None
    return delivery_id if compare_digest(tag[ID_LENGTH:], _seal(delivery_id)) else None


def _seal(delivery_id: UUID) -> str:
    whole = urlsafe_b64decode(signature(PURPOSE, str(delivery_id)) + "=")
    return _base32(whole[:SEAL_BYTES])


def _base32(content: bytes) -> str:
    return b32encode(content).decode("ascii").rstrip("=").lower()
