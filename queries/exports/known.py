"""The exports of a creator, their progress and files. Never cached."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from database.tenancy import reading_tx
from rules.export_rules import KEPT_FOR
from rules.tiers import DASHBOARD_TIER

SHOWN = 50
ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

COLUMNS = """
        id,
        export_type,
        format,
        filters,
        status,
        error_message,
        requested_as,
        requested_by_name,
        created_at,
        completed_at,
        rows_written,
        rows_total,
        file_size_bytes,
        sha256,
        created_at + :kept_for as kept_until
    from export_logs
    where creator_id = :creator_id
"""
EXPORTS = f"""
    -- One row per export, newest first.
    select {COLUMNS}
    order by
        created_at desc,
        id asc
    limit :limit
"""
ONE_EXPORT = f"select {COLUMNS} and id = :export_id"
FILE = """
    -- One row at most: a completed export, still kept, of a creator who has the tier.
    select
        export_logs.storage_key,
        export_logs.export_type,
        export_logs.format,
        export_logs.file_size_bytes,
        export_logs.completed_at,
        creators.shown_name as creator_name,
        creators.timezone,
        coalesce(courses.title, '') as course,
        export_logs.filters
    from export_logs
    join creators on creators.id = export_logs.creator_id
    left join courses
        on
            courses.creator_id = export_logs.creator_id
            and courses.id::text = export_logs.filters ->> 'course_id'
    where
        export_logs.creator_id = :creator_id
        and export_logs.id = :export_id
        and export_logs.status = 'completed'
        and export_logs.created_at > dashboard_now() - :kept_for
        and creators.subscription_tier = :dashboard_tier
"""
STUDENTS = """
    -- One row per student of these ids, of the creator's; a request has checked them.
    select
        id,
        name
    from students
    where
        creator_id = :creator_id
        and id = any(cast(:ids as uuid[]))
"""


@dataclass(frozen=True)
class Export:
    """An export in the history; sizes and rows are None if not known (yet)."""

    id: UUID
    export_type: str
    format: str
    filters: Mapping[str, Any]
    status: str  # pending, processing, completed, failed, cancelled, expired
    error_message: str | None
    requested_as: str  # creator, staff, api_key, command_line
    requested_by_name: str
    created_at: datetime
    completed_at: datetime | None
    rows_written: int
    rows_total: int | None
    file_size_bytes: int | None
    sha256: str | None
    kept_until: datetime  # row and file are removed the night after

    @property
    def is_unfinished(self) -> bool:
        return self.status in ("pending", "processing")


@dataclass(frozen=True)
class ExportFile:
    """Where the file of a completed export is, and the parts of its name."""

    storage_key: str
    export_type: str
    format: str
    file_size_bytes: int
    completed_at: datetime
    creator_name: str
    timezone: str
    course: str  # "": it covers all courses, or the course has no name
    filters: Mapping[str, Any]


def exports(creator_id: UUID, limit: int = SHOWN) -> list[Export]:
    """The creator's latest exports, newest first, from export_logs."""
    return [Export(**row) for row in _rows(creator_id, EXPORTS, limit=limit)]


def export(creator_id: UUID, export_id: UUID) -> Export | None:
    """One export; None for one that is not this creator's."""
    return next((Export(**row) for row in _rows(creator_id, ONE_EXPORT, export_id=export_id)), None)


def export_file(creator_id: UUID, export_id: UUID) -> ExportFile | None:
    """The file of a completed export; None if this creator has none."""
    return next((ExportFile(**row) for row in _rows(creator_id, FILE, export_id=export_id)), None)


def students_of_exports(creator_id: UUID, exports: Iterable[Export | ExportFile]) -> dict[str, str]:
    """The names of the students whom these exports are about alone, by id."""
    told = {str(one.filters.get("student_id")) for one in exports}
    ids = sorted(each for each in told if ID.fullmatch(each))
    return {str(row["id"]): row["name"] for row in _rows(creator_id, STUDENTS, ids=ids)} if ids else {}


def _rows(creator_id: UUID, statement: str, **parameters: Any) -> list[dict[str, Any]]:
    with reading_tx(creator_id) as connection:
        scope = {"creator_id": creator_id, "kept_for": KEPT_FOR, "dashboard_tier": DASHBOARD_TIER}
        return [dict(row) for row in connection.execute(text(statement), scope | parameters).mappings()]
