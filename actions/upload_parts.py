"""Uploads from the browser's side: which parts are there, one more part, the end."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Row, text

from actions.upload_files import part_key
from actions.uploads import hand_over, must_be_entitled
from database.tenancy import tenant_tx
from rules.errors import InputError
from rules.uploads import PART_BYTES, part_bytes, parts_of

UPLOAD = text(
    """
    select
        status,
        file_bytes,
        parts_key,
        error_message
    from uploads
    where
        creator_id = :creator_id
        and id = :upload_id
    """
)
PRESENT = text(
    """
    select array_agg(number order by number)
    from upload_parts
    where
        creator_id = :creator_id
        and upload_id = :upload_id
    """
)
# Only while the upload is being received: a part that comes late must not stay behind.
NOTE = text(
    """
    insert into upload_parts (creator_id, upload_id, number, size_bytes, sha256)
    select
        creator_id,
        id,
        :number,
        :size_bytes,
        :sha256
    from uploads
    where
        creator_id = :creator_id
        and id = :upload_id
        and status = 'receiving'
    for share
    on conflict (creator_id, upload_id, number) do update set
        size_bytes = excluded.size_bytes,
        sha256 = excluded.sha256
    """
)
# Silence is measured in days: one write for a minute's parts is enough.
BEAT = text(
    """
    update uploads
    set changed_at = clock_timestamp()
    where
        creator_id = :creator_id
        and id = :upload_id
        and changed_at < clock_timestamp() - interval '1 minute'
    """
)
COMPLETE = text(
    """
    update uploads
    set
        status = 'received',
        changed_at = clock_timestamp()
    where
        creator_id = :creator_id
        and id = :upload_id
        and status = 'receiving'
    """
)


class NoSuchUpload(InputError):
    """The upload is unknown or another creator's."""


class NotReceiving(InputError):
    """The upload takes no parts now: it is complete, failed or cancelled."""


@dataclass(frozen=True)
class WantedPart:
    """A part that may be sent: how large it must be, and where it goes."""

    key: str
    size_bytes: int


@dataclass(frozen=True)
class UploadProgress:
    """How far an upload is; the numbers of the parts that have arrived count from 0."""

    status: str
    file_bytes: int
    part_bytes: int
    present: list[int]
    error_message: str | None


def upload_progress(creator_id: UUID, upload_id: UUID) -> UploadProgress:
    """What has arrived. Raises NoSuchUpload."""
    scope = {"creator_id": creator_id, "upload_id": upload_id}
    with tenant_tx(creator_id) as connection:
        found = _upload(connection, creator_id, upload_id)
        present = connection.execute(PRESENT, scope).scalar()
    return UploadProgress(found.status, found.file_bytes or 0, PART_BYTES, present or [], found.error_message)


def wanted_part(creator_id: UUID, upload_id: UUID, number: int) -> WantedPart:
    """The part that may be sent. Raises NoSuchUpload, NotReceiving, and FeatureAccessDenied; InputError for its number.

    One that is there already may be sent again.
    """
    with tenant_tx(creator_id) as connection:
        found = _upload(connection, creator_id, upload_id)
        must_be_entitled(connection, creator_id)
    if found.status != "receiving":
        raise NotReceiving(f"This upload is {found.status} and takes no more parts.")
    if not 0 <= number < parts_of(found.file_bytes):
        raise InputError(f"The file has {parts_of(found.file_bytes)} parts, counted from 0; there is no part {number}.")
    return WantedPart(part_key(found.parts_key, number), part_bytes(found.file_bytes, number))


def note_part(creator_id: UUID, upload_id: UUID, number: int, size_bytes: int, sha256: str) -> None:
    """Record that the part is stored. Raises NotReceiving if the upload ended meanwhile: then remove the part."""
    scope = {"creator_id": creator_id, "upload_id": upload_id}
    values = scope | {"number": number, "size_bytes": size_bytes, "sha256": sha256}
    with tenant_tx(creator_id) as connection:
        if connection.execute(NOTE, values).rowcount != 1:
            raise NotReceiving("This upload has ended and takes no more parts.")
        connection.execute(BEAT, scope)


def complete_upload(creator_id: UUID, upload_id: UUID) -> None:
    """All parts have arrived: a worker takes over. Again it changes nothing.

    Raises NoSuchUpload, NotReceiving for one that failed or was cancelled, and InputError while a part is missing.
    """
    scope = {"creator_id": creator_id, "upload_id": upload_id}
    with tenant_tx(creator_id) as connection:
        found = _upload(connection, creator_id, upload_id)
        must_be_entitled(connection, creator_id)
        if found.status in ("failed", "cancelled"):
            raise NotReceiving(f"This upload is {found.status}; begin another one.")
        present = connection.execute(PRESENT, scope).scalar() or []
        if found.status == "receiving" and len(present) < parts_of(found.file_bytes):
            raise InputError(f"{len(present)} of {parts_of(found.file_bytes)} parts have arrived; send the others.")
        is_new = connection.execute(COMPLETE, scope).rowcount == 1
    if is_new:
        hand_over(creator_id, upload_id)


def _upload(connection: Connection, creator_id: UUID, upload_id: UUID) -> Row[tuple[str, int, str, str]]:
    found = connection.execute(UPLOAD, {"creator_id": creator_id, "upload_id": upload_id}).one_or_none()
    if found is None:
        raise NoSuchUpload("This upload does not exist; it may have been deleted. Reload the page.")
    return found
