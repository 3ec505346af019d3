"""What an upload takes up in the storage, and releasing it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from database.each import each
from database.storage import file_item, remove_file
from database.tenancy import tenant_tx

PART_ALONE = "part_without_upload"  # a kind of failure

FILES = text(
    """
    select
        status,
        purpose,
        parts_key,
        storage_key
    from uploads
    where
        creator_id = :creator_id
        and id = :upload_id
    """
)
PARTS = text(
    """
    -- One row per part that has arrived.
    select
        number,
        size_bytes,
        sha256
    from upload_parts
    where
        creator_id = :creator_id
        and upload_id = :upload_id
    order by number
    """
)
REMOVE_PARTS = text(
    """
    delete from upload_parts
    where
        creator_id = :creator_id
        and upload_id = :upload_id
    """
)
NOT_KEPT = text(
    """
    update uploads
    set is_kept = false
    where
        creator_id = :creator_id
        and id = :upload_id
        and (status in ('failed', 'cancelled') or (purpose = 'import' and status = 'completed'))
    """
)


@dataclass(frozen=True)
class StoredPart:
    """A part that has arrived."""

    number: int
    size_bytes: int
    sha256: str


def part_key(parts_key: str, number: int) -> str:
    """Where this part is stored."""
    return f"{parts_key}.{number}"


def stored_parts(creator_id: UUID, upload_id: UUID) -> list[StoredPart]:
    """The parts that have arrived, in order."""
    with tenant_tx(creator_id) as connection:
        rows = connection.execute(PARTS, {"creator_id": creator_id, "upload_id": upload_id}).mappings()
        return [StoredPart(**row) for row in rows]


def remove_parts(creator_id: UUID, upload_id: UUID) -> None:
    """Remove the parts, from the storage and then from the database."""
    scope = {"creator_id": creator_id, "upload_id": upload_id}
    with tenant_tx(creator_id) as connection:
        parts_key = connection.execute(FILES, scope).one().parts_key
    keys = [part_key(parts_key, part.number) for part in stored_parts(creator_id, upload_id)]
    each(keys, remove_file, PART_ALONE, file_item)  # failures here are removed at night
    with tenant_tx(creator_id) as connection:
        connection.execute(REMOVE_PARTS, scope)


def let_go(creator_id: UUID, upload_id: UUID) -> None:
    """Remove all files of an upload that failed, was cancelled, or had rows that have been read.

    It then no longer counts towards the quota.

    Raises StorageError; what is left is removed by night.
    """
    scope = {"creator_id": creator_id, "upload_id": upload_id}
    with tenant_tx(creator_id) as connection:
        found = connection.execute(FILES, scope).one()
    if found.status not in ("failed", "cancelled") and (found.purpose, found.status) != ("import", "completed"):
        return
    remove_parts(creator_id, upload_id)
    if found.storage_key:
        remove_file(found.storage_key)
    with tenant_tx(creator_id) as connection:
        connection.execute(NOT_KEPT, scope)
