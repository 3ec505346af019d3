"""Files of rows that were uploaded, as their creator sees them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from database.statements import sql
from database.tenancy import reading_tx

SHOWN = text(sql("queries/imports/files"))
MOST_SHOWN = 50


@dataclass(frozen=True)
class ImportFile:
    """A file that is arriving, waits to be set up, is at work, or was imported a short while ago.

    `state` is that of its newest check or import; None: it has not been set up yet.
    """

    upload_id: UUID
    file_name: str
    file_bytes: int | None
    modified_ms: int
    status: str
    error_message: str | None
    is_repeatable: bool
    is_kept: bool
    storage_key: str | None
    arrived_bytes: int
    file_import_id: UUID | None
    state: str | None
    document: dict[str, Any] | None
    answers: dict[str, str] | None
    encoding: str | None
    sheet: str | None
    lines_read: int | None
    outcome: dict[str, Any] | None
    import_id: UUID | None
    import_error: str | None
    changed_at: datetime

    @property
    def title(self) -> str:
        return self.file_name

    @property
    def is_arriving(self) -> bool:
        return self.status != "completed"

    @property
    def is_at_work(self) -> bool:
        return self.state in ("checking", "importing")


def import_files(creator_id: UUID) -> list[ImportFile]:
    """The files, newest first; never cached."""
    with reading_tx(creator_id) as connection:
        rows = connection.execute(SHOWN, {"creator_id": creator_id, "limit": MOST_SHOWN}).mappings()
        return [ImportFile(**row) for row in rows]
