"""The signed address that the parts of an upload are sent to: whoever has it can send them, until it expires."""

from urllib.parse import urlencode, urlsplit
from uuid import UUID

from database.clock import now
from database.settings import settings
from database.signing import is_signed, signature
from rules.uploads import ADDRESS_VALID_FOR

UPLOAD = "upload a video file"
POSTER = "see the picture of a video"


def upload_address(creator_id: UUID, upload_id: UUID) -> tuple[str, str]:
    """The path below this site's address, and the query that signs it.

    Below the path are `parts/0` and so on, and `complete`. Signing checks nothing: each request is checked again.
    """
    return _signed(UPLOAD, f"/api/uploads/{creator_id}/{upload_id}", creator_id, upload_id)


def poster_address(creator_id: UUID, video_id: UUID) -> str:
    """Where a browser finds the picture of a video, for as long as an upload's address."""
    return "?".join(_signed(POSTER, f"/api/posters/{creator_id}/{video_id}", creator_id, video_id))


def is_upload_address(creator_id: str, upload_id: str, expires: str, signed: str) -> bool:
    """Whether we signed these, exactly as in the address; it may have expired."""
    return is_signed(signed, UPLOAD, creator_id, upload_id, expires)


def is_poster_address(creator_id: str, video_id: str, expires: str, signed: str) -> bool:
    """Whether we signed these, and it has not expired."""
    return is_signed(signed, POSTER, creator_id, video_id, expires) and not has_expired(expires)


def has_expired(expires: str) -> bool:
    """Of an address that we signed."""
    return now().timestamp() >= int(expires)


def _signed(purpose: str, path: str, *bound_to: UUID) -> tuple[str, str]:
    # Whole hours: the address stays the same while a page is drawn again and again.
    expires = str(int((now() + ADDRESS_VALID_FOR).timestamp()) // 3600 * 3600)
    signed = signature(purpose, *map(str, bound_to), expires)
    return urlsplit(settings().public_url).path + path, urlencode({"expires": expires, "signature": signed})
