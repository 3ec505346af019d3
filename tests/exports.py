"""Exports for tests: requested, claimed, finished; and the state of their rows and files."""

import hashlib
import json
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from actions.export_runs import FOLDER, Attempt, claim_export, complete_export
from actions.exports import Requester, note_request
from database.storage import new_key, store_file
from database.tenancy import tenant_tx
from tests.builders import ACreator
from tests.rows import instant

IRA = Requester("creator", "Ira Bloom")
CONTENT = b"Student,Tier\r\nAda Moss,engaged\r\n"

ADD = text(
    """
    insert into export_logs (
        creator_id, id, export_type, format, filters, status, error_message, requested_as, requested_by_name,
        created_at, completed_at, file_size_bytes, sha256, storage_key, rows_written, rows_total, attempt
    )
    values (
        :creator_id, :id, :export_type, :format, cast(:filters as jsonb), :status, :error_message, 'creator',
        'Ira Bloom', :at, case when :status not in ('pending', 'processing') then cast(:at as timestamptz) end,
        :file_size_bytes, :sha256, :storage_key, :rows_written, :rows_total, 1
    )
    """
)


def an_export(creator: ACreator, status: str = "pending", *, days_ago: float = 0, **columns: Any) -> UUID:
    """Add an export with this status; a completed one has a file. Returns its id."""
    export_id = uuid4()
    key = new_key(FOLDER, creator.id, "csv") if status in ("completed", "processing") else None
    values = {
        "export_type": "students",
        "format": "csv",
        "filters": {},
        "error_message": None,
        "file_size_bytes": None,
        "sha256": None,
        "rows_written": 0,
        "rows_total": None,
        "storage_key": key,
        **columns,
    }
    if status == "completed":
        store_file(values["storage_key"], [CONTENT])
        values |= {"file_size_bytes": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest(), "rows_written": 1}
    scope = {"creator_id": creator.id, "id": export_id, "status": status, "at": instant(days_ago=days_ago)}
    with tenant_tx(creator.id) as connection:
        connection.execute(ADD, values | scope | {"filters": json.dumps(values["filters"])})
    return export_id


def a_claimed_export(creator: ACreator) -> Attempt:
    """Requested and claimed."""
    attempt = claim_export(creator.id, note_request(IRA, creator.id, "students", "csv", {}))
    assert attempt is not None
    return attempt


def a_finished_export(creator: ACreator) -> Attempt:
    """With CONTENT as its file."""
    attempt = a_claimed_export(creator)
    store_file(attempt.storage_key, [CONTENT])
    assert complete_export(attempt, 1, len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    return attempt


def export_row(creator: ACreator, export_id: UUID) -> dict[str, Any]:
    with tenant_tx(creator.id) as connection:
        found = connection.execute(text("select * from export_logs where id = :id"), {"id": export_id})
        return dict(found.mappings().one())


def export_rows(creator: ACreator) -> list[dict[str, Any]]:
    with tenant_tx(creator.id) as connection:
        return [dict(row) for row in connection.execute(text("select * from export_logs order by id")).mappings()]


def change_export(creator: ACreator, export_id: UUID, assignment: str) -> None:
    """Such as "heartbeat_at = heartbeat_at - interval '1 hour'"."""
    with tenant_tx(creator.id) as connection:
        connection.execute(text(f"update export_logs set {assignment} where id = :id"), {"id": export_id})
