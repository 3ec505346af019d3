"""Imports of files from the worker's side: claim, report progress, finish."""

import json
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from database.each import each, of_row
from database.tenancy import JOB_SECONDS, platform_tx, tenant_tx
from sources.files.reading import ReadAs
from sources.mappings.model import Mapping, mapping_of

MOST_WORKERS_LOST = 3
LOST = "The file was tried several times, and the worker stopped halfway each time. Import it in parts."

CLAIM = text(
    """
    -- One row, or none if there is nothing to do.
    update file_imports
    set changed_at = clock_timestamp()
    from uploads
    where
        file_imports.creator_id = :creator_id
        and file_imports.id = :file_import_id
        and file_imports.state in ('checking', 'importing')
        and uploads.creator_id = file_imports.creator_id
        and uploads.id = file_imports.upload_id
    returning
        file_imports.state,
        file_imports.document,
        file_imports.mapping_version,
        file_imports.answers,
        file_imports.encoding,
        file_imports.sheet,
        file_imports.takes_good_rows,
        file_imports.created_by,
        uploads.id as upload_id,
        uploads.file_name,
        uploads.storage_key,
        uploads.sha256
    """
)
PROGRESS = text(
    """
    update file_imports
    set
        lines_read = :lines_read,
        changed_at = clock_timestamp()
    where
        creator_id = :creator_id
        and id = :file_import_id
        and state in ('checking', 'importing')
    """
)
END = text(
    """
    update file_imports
    set
        state = :state,
        outcome = cast(:outcome as jsonb),
        import_id = :import_id,
        errors_key = :errors_key,
        error_message = :error_message,
        changed_at = clock_timestamp()
    where
        creator_id = :creator_id
        and id = :file_import_id
        and state in ('checking', 'importing')
    """
)
SILENT = text(
    """
    -- One row per file import whose worker has been silent for too long, or that was never queued.
    select
        creator_id,
        id
    from file_imports
    where
        state in ('checking', 'importing')
        and changed_at < clock_timestamp() - make_interval(secs => :silent_seconds)
    """
)
LOSE = text(
    """
    update file_imports
    set
        workers_lost = workers_lost + 1,
        state = case when workers_lost + 1 < :most then state else 'failed' end,
        error_message = case when workers_lost + 1 < :most then null else :lost end,
        changed_at = clock_timestamp()
    where
        creator_id = :creator_id
        and id = :file_import_id
        and state in ('checking', 'importing')
    returning state
    """
)


@dataclass(frozen=True)
class FileRun:
    """What a worker has to do with a file: check it, or import it."""

    creator_id: UUID
    file_import_id: UUID
    is_import: bool
    mapping: Mapping
    mapping_version: int | None
    answers: dict[str, str]
    read_as: ReadAs
    takes_good_rows: bool
    author_id: UUID | None
    upload_id: UUID
    file_name: str
    storage_key: str
    sha256: str


@dataclass(frozen=True, slots=True)
class LostFile:
    """One row per file import that no worker has at hand."""

    creator_id: UUID
    id: UUID


def claim_file(creator_id: UUID, file_import_id: UUID) -> FileRun | None:
    """What is to be done; None if that has ended."""
    with tenant_tx(creator_id) as connection:
        found = connection.execute(CLAIM, {"creator_id": creator_id, "file_import_id": file_import_id}).one_or_none()
    if found is None:
        return None
    return FileRun(
        creator_id,
        file_import_id,
        found.state == "importing",
        mapping_of(found.document),
        found.mapping_version,
        dict(found.answers),
        ReadAs(found.encoding, found.sheet),
        found.takes_good_rows,
        found.created_by,
        found.upload_id,
        found.file_name,
        found.storage_key,
        found.sha256,
    )


def note_lines(run: FileRun, lines_read: int) -> None:
    """Record how far the file has been read."""
    values = {"creator_id": run.creator_id, "file_import_id": run.file_import_id, "lines_read": lines_read}
    with tenant_tx(run.creator_id) as connection:
        connection.execute(PROGRESS, values)


def end_file(
    run: FileRun,
    state: str,
    outcome: MappingType[str, Any] | None,
    error_message: str | None = None,
    import_id: UUID | None = None,
    errors_key: str | None = None,
) -> bool:
    """Record how it ended (checked, done or failed); False if somebody else did."""
    values = {
        "creator_id": run.creator_id,
        "file_import_id": run.file_import_id,
        "state": state,
        "outcome": None if outcome is None else json.dumps(outcome),
        "error_message": error_message,
        "import_id": import_id,
        "errors_key": errors_key,
    }
    with tenant_tx(run.creator_id) as connection:
        return connection.execute(END, values).rowcount == 1


def lost_files(silent_seconds: float) -> list[LostFile]:
    """Those that no worker has at hand; one that was lost too often fails."""
    with platform_tx(JOB_SECONDS) as connection:
        rows = connection.execute(SILENT, {"silent_seconds": silent_seconds}).mappings()
        found = [LostFile(**row) for row in rows]
    tried_again = each(found, lambda row: row if _is_tried_again(row) else None, "import_recovery", of_row)
    return [row for row in tried_again if row is not None]


def _is_tried_again(row: LostFile) -> bool:
    values = {"creator_id": row.creator_id, "file_import_id": row.id, "most": MOST_WORKERS_LOST, "lost": LOST}
    with tenant_tx(row.creator_id) as connection:
        return connection.execute(LOSE, values).scalar() in ("checking", "importing")
