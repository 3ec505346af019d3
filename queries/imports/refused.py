"""Where the refused lines of a file are."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from database.tenancy import reading_tx

REFUSED = text(
    """
    -- One row, or none for what is unknown or another creator's.
    select
        errors_key,
        import_id
    from file_imports
    where
        creator_id = :creator_id
        and id = :file_import_id
    """
)


@dataclass(frozen=True)
class RefusedLines:
    """In the storage (of a check), or with the import."""

    errors_key: str | None
    import_id: UUID | None


def refused_of(creator_id: UUID, file_import_id: UUID) -> RefusedLines | None:
    """Where to look; None for a check or import that is unknown or another creator's."""
    with reading_tx(creator_id) as connection:
        row = connection.execute(REFUSED, {"creator_id": creator_id, "file_import_id": file_import_id}).one_or_none()
        return RefusedLines(row.errors_key, row.import_id) if row else None
