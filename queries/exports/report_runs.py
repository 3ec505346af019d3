"""Runs of reports, for staff only: progress, failures and files. Never cached."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from database.accounts import must_be_staff
from database.statements import sql
from database.tenancy import directory_tx
from rules.export_rules import KEPT_FOR

SHOWN = 10

RUNS = text(sql("queries/exports/runs"))
REPORTS = text(sql("queries/exports/reports"))


@dataclass(frozen=True)
class ReportRun:
    """A run and how many of its reports are ready or failed."""

    id: UUID
    asked_by_name: str
    period: str
    compare: str
    format: str
    created_at: datetime
    creators: int
    completed: int
    failed: int
    size_bytes: int

    @property
    def ended(self) -> int:
        return self.completed + self.failed

    @property
    def is_unfinished(self) -> bool:
        return self.ended < self.creators


@dataclass(frozen=True)
class RunReport:
    """One creator's report of a run; the file's facts are None unless it is completed."""

    creator_id: UUID
    creator_name: str
    period: str
    format: str
    status: str  # pending, processing, completed, failed, cancelled, expired
    reason: str | None
    completed_at: datetime | None
    file_size_bytes: int | None
    storage_key: str | None

    @property
    def is_completed(self) -> bool:
        return self.status == "completed"

    @property
    def has_failed(self) -> bool:
        return self.status in ("failed", "cancelled", "expired")


def report_runs(staff_id: UUID, limit: int = SHOWN) -> list[ReportRun]:
    """The latest runs, newest first. Raises NotStaff."""
    with directory_tx() as connection:
        must_be_staff(connection, staff_id)
        answer = connection.execute(RUNS, {"kept_for": KEPT_FOR, "limit": limit}).mappings()
        return [ReportRun(**row) for row in answer]


def run_reports(staff_id: UUID, run_id: UUID) -> list[RunReport]:
    """Every creator of a run, by name; none for a run that is unknown or no longer kept. Raises NotStaff."""
    with directory_tx() as connection:
        must_be_staff(connection, staff_id)
        answer = connection.execute(REPORTS, {"kept_for": KEPT_FOR, "run_id": run_id}).mappings()
        return [RunReport(**row) for row in answer]
