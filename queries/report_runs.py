"""Runs of reports, for staff alone: how far each is, what failed, and where the files are. Never remembered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from database.accounts import must_be_staff
from database.export_rules import KEPT_FOR
from database.tenancy import platform_tx

SHOWN = 10

RUNS = text(
    """
    -- One row per run that is still kept, newest first.
    select
        report_runs.id,
        report_runs.asked_by_name,
        report_runs.period,
        report_runs.format,
        report_runs.created_at,
        count(*) as creators,
        count(*) filter (where export_logs.status = 'completed') as completed,
        count(*) filter (
            where
                report_run_creators.refusal is not null
                or export_logs.status in ('failed', 'cancelled', 'expired')
        ) as failed,
        coalesce(
            sum(export_logs.file_size_bytes) filter (where export_logs.status = 'completed'), 0
        )::bigint as size_bytes
    from report_runs
    join report_run_creators on report_run_creators.run_id = report_runs.id
    left join export_logs
        on
            export_logs.creator_id = report_run_creators.creator_id
            and export_logs.id = report_run_creators.export_id
    where report_runs.created_at > dashboard_now() - :kept_for
    group by report_runs.id
    order by
        report_runs.created_at desc,
        report_runs.id asc
    limit :limit
    """
)
REPORTS = text(
    """
    -- One row per creator of a run that is still kept, by name.
    select
        creators.id as creator_id,
        creators.name as creator_name,
        report_runs.period,
        report_runs.format,
        case when report_run_creators.refusal is null then coalesce(export_logs.status, 'pending') else 'failed' end
            as status,
        case export_logs.status
            when 'cancelled' then 'The export was cancelled.'
            else coalesce(report_run_creators.refusal, export_logs.error_message)
        end as reason,
        export_logs.completed_at,
        export_logs.file_size_bytes,
        export_logs.storage_key
    from report_run_creators
    join report_runs on report_runs.id = report_run_creators.run_id
    join creators on creators.id = report_run_creators.creator_id
    left join export_logs
        on
            export_logs.creator_id = report_run_creators.creator_id
            and export_logs.id = report_run_creators.export_id
    where
        report_runs.id = :run_id
        and report_runs.created_at > dashboard_now() - :kept_for
    order by
        lower(creators.name),
        creators.id
    """
)


@dataclass(frozen=True)
class ReportRun:
    """A run and how many of its reports are ready or came to nothing."""

    id: UUID
    asked_by_name: str
    period: str
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
    with platform_tx() as connection:
        must_be_staff(connection, staff_id)
        answer = connection.execute(RUNS, {"kept_for": KEPT_FOR, "limit": limit}).mappings()
        return [ReportRun(**row) for row in answer]


def run_reports(staff_id: UUID, run_id: UUID) -> list[RunReport]:
    """Every creator of a run, by name; none for a run that is unknown or no longer kept. Raises NotStaff."""
    with platform_tx() as connection:
        must_be_staff(connection, staff_id)
        answer = connection.execute(REPORTS, {"kept_for": KEPT_FOR, "run_id": run_id}).mappings()
        return [RunReport(**row) for row in answer]
