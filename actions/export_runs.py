"""Exports from the worker's side: claim, report progress, finish. Only the latest attempt counts."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from actions.exports import must_be_entitled
from database.storage import new_key
from database.tenancy import tenant_tx
from rules.tiers import FeatureAccessDenied

FOLDER = "exports"

CLAIM = text(
    """
    update export_logs
    set
        status = 'processing',
        attempt = attempt + 1,
        started_at = dashboard_now(),
        heartbeat_at = clock_timestamp(),
        rows_written = 0,
        rows_total = null,
        storage_key = :storage_key
    where
        creator_id = :creator_id
        and id = :export_id
        and status = 'pending'
    returning
        attempt,
        export_type,
        format,
        filters
    """
)
EXTENSION = text("select format from export_logs where creator_id = :creator_id and id = :export_id for update")
IN_HAND = """
    where
        creator_id = :creator_id
        and id = :export_id
        and attempt = :attempt
        and status = 'processing'
"""
BEAT = text(
    f"""
    update export_logs
    set
        heartbeat_at = clock_timestamp(),
        rows_written = :rows_written,
        rows_total = :rows_total
    {IN_HAND}
    """
)
COMPLETE = text(
    f"""
    update export_logs
    set
        status = 'completed',
        completed_at = dashboard_now(),
        rows_written = :rows_written,
        rows_total = :rows_written,
        file_size_bytes = :file_size_bytes,
        sha256 = :sha256,
        file_url = :file_url,
        error_message = null
    {IN_HAND}
    """
)
FAIL = text(
    f"""
    update export_logs
    set
        status = 'failed',
        completed_at = dashboard_now(),
        error_message = :error_message
    {IN_HAND}
    """
)
GIVE_BACK = text(f"update export_logs set status = 'pending' {IN_HAND}")
REFUSE = text(
    """
    update export_logs
    set
        status = 'failed',
        completed_at = dashboard_now(),
        error_message = :error_message
    where
        creator_id = :creator_id
        and id = :export_id
        and status = 'pending'
    """
)


@dataclass(frozen=True)
class Attempt:
    """One attempt at an export; the number is its fencing token."""

    creator_id: UUID
    export_id: UUID
    number: int
    type: str
    format: str
    filters: dict[str, Any]
    storage_key: str


def claim_export(creator_id: UUID, export_id: UUID) -> Attempt | None:
    """Claim a pending export; None if there is none, or another worker was first.

    If the creator has lost the ENTERPRISE tier, it fails with that reason.
    """
    scope = {"creator_id": creator_id, "export_id": export_id}
    with tenant_tx(creator_id) as connection:
        extension = connection.execute(EXTENSION, scope).scalar()
        if extension is None or not _entitled_or_refused(connection, creator_id, export_id):
            return None
        key = new_key(FOLDER, creator_id, extension)
        row = connection.execute(CLAIM, scope | {"storage_key": key}).one_or_none()
        if row is None:
            return None
        return Attempt(creator_id, export_id, row.attempt, row.export_type, row.format, row.filters, key)


def beat(attempt: Attempt, rows_written: int, rows_total: int | None) -> bool:
    """Report that the attempt is alive and its progress; False: it is no longer wanted, so stop."""
    return _reported(attempt, BEAT, rows_written=rows_written, rows_total=rows_total)


def complete_export(attempt: Attempt, rows_written: int, file_size_bytes: int, sha256: str) -> bool:
    """Record that the file is stored under the attempt's key. False: it is no longer wanted, so remove it."""
    return _reported(
        attempt,
        COMPLETE,
        rows_written=rows_written,
        file_size_bytes=file_size_bytes,
        sha256=sha256,
        file_url=f"/api/exports/{attempt.creator_id}/{attempt.export_id}/download",
    )


def fail_export(attempt: Attempt, error_message: str) -> bool:
    """Fail the attempt with a reason in words, shown to the creator."""
    return _reported(attempt, FAIL, error_message=error_message)


def give_back(attempt: Attempt) -> bool:
    """Release the export to another worker: this one has to stop."""
    return _reported(attempt, GIVE_BACK)


def _reported(attempt: Attempt, statement: TextClause, **values: Any) -> bool:
    token = {"creator_id": attempt.creator_id, "export_id": attempt.export_id, "attempt": attempt.number}
    with tenant_tx(attempt.creator_id) as connection:
        return connection.execute(statement, token | values).rowcount == 1


def _entitled_or_refused(connection: Connection, creator_id: UUID, export_id: UUID) -> bool:
    try:
        must_be_entitled(connection, creator_id)
    except FeatureAccessDenied as error:
        connection.execute(REFUSE, {"creator_id": creator_id, "export_id": export_id, "error_message": str(error)})
        return False
    return True
