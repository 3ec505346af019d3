"""Reports for many creators at once: requested by staff, created as exports, removed with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from actions.exports import Requester, request_export
from database.accounts import must_be_staff
from database.each import each
from database.failures import Item
from database.job_queue import defer
from database.tenancy import JOB_SECONDS, platform_tx
from rules.errors import InputError
from rules.export_rules import KEPT_FOR

QUEUE = "default"  # short: it only requests, and must not wait for an export to end
TASK = "request_reports"
USUALLY_BESIDE = "before"  # an export that is compared with the period before may omit it

ADD_RUN = text(
    """
    insert into report_runs (asked_by, asked_by_name, period, compare, format)
    values (:staff_id, :staff_name, :period, :compare, :format)
    returning id
    """
)
ADD_CREATORS = text(
    """
    insert into report_run_creators (creator_id, run_id)
    select
        id,
        :run_id
    from creators
    where id = any(:creator_ids)
    """
)
ACCOUNT_NAME = text("select name from dashboard_users where id = :staff_id")
WAITING = text(
    """
    -- One row per creator whose report has not been requested yet, the earliest run first.
    select
        report_run_creators.run_id,
        report_run_creators.creator_id,
        report_runs.asked_by,
        report_runs.asked_by_name,
        report_runs.period,
        report_runs.compare,
        report_runs.format
    from report_run_creators
    join report_runs on report_runs.id = report_run_creators.run_id
    where
        report_run_creators.export_id is null
        and report_run_creators.refusal is null
    order by
        report_runs.created_at,
        report_run_creators.run_id,
        report_run_creators.creator_id
    """
)
SETTLE = text(
    """
    update report_run_creators
    set
        export_id = :export_id,
        refusal = :refusal
    where
        creator_id = :creator_id
        and run_id = :run_id
        and export_id is null
        and refusal is null
    """
)
NOTE_DOWNLOAD = text(
    """
    -- One audit log entry per creator whose report is ready.
    insert into audit_log (creator_id, user_id, action, detail)
    select
        report_run_creators.creator_id,
        :staff_id,
        'report downloaded',
        jsonb_build_object('about', cast(:run_id as text))
    from report_run_creators
    join export_logs
        on
            export_logs.creator_id = report_run_creators.creator_id
            and export_logs.id = report_run_creators.export_id
    where
        report_run_creators.run_id = :run_id
        and export_logs.status = 'completed'
    """
)
REMOVE_OLD = text("delete from report_runs where created_at <= dashboard_now() - :kept_for")


@dataclass(frozen=True)
class Waiting:
    """A report of a run that has not been requested yet."""

    run_id: UUID
    creator_id: UUID
    asked_by: UUID
    asked_by_name: str
    period: str
    compare: str
    format: str


def start_run(
    staff_id: UUID, creator_ids: Sequence[UUID], period: str, report_format: str, compare: str = USUALLY_BESIDE
) -> UUID:
    """Save for which creators reports are wanted, and queue the run; returns its id.

    The period is one that every creator has (days, a month, two dates), not since the start of a run. Raises NotStaff,
    and InputError if no creator is chosen.
    """
    if not creator_ids:
        raise InputError("Choose at least one creator.")
    with platform_tx() as connection:
        must_be_staff(connection, staff_id)
        name = connection.execute(ACCOUNT_NAME, {"staff_id": staff_id}).scalar_one()
        wanted = {
            "staff_id": staff_id,
            "staff_name": name,
            "period": period,
            "compare": compare,
            "format": report_format,
        }
        run_id: UUID = connection.execute(ADD_RUN, wanted).scalar_one()
        connection.execute(ADD_CREATORS, {"run_id": run_id, "creator_ids": list(creator_ids)})
    hand_over_runs()
    return run_id


def hand_over_runs() -> bool:
    """Queue the request of waiting reports; False if it is already queued."""
    return defer(TASK, queueing_lock=TASK, queue=QUEUE)


def waiting_reports() -> list[Waiting]:
    """Reports of all runs that have not been requested yet."""
    with platform_tx(JOB_SECONDS) as connection:
        return [Waiting(**row) for row in connection.execute(WAITING).mappings()]


def request_waiting_reports() -> int:
    """Request every waiting report, each as an export of its creator; returns how many were requested or refused.

    Creators who may not have one are recorded with the reason. Repeating it changes nothing:
    a request that is already waiting or running is the same export.
    """
    return len(each(waiting_reports(), _settle, "report_request", _of_report))


def note_download(staff_id: UUID, run_id: UUID) -> None:
    """Write to the audit log of each creator whose report is in the zip that staff downloaded it."""
    with platform_tx() as connection:
        connection.execute(NOTE_DOWNLOAD, {"run_id": run_id, "staff_id": staff_id})


def remove_old_runs() -> int:
    """Delete runs after 30 days, like their exports; returns how many."""
    with platform_tx(JOB_SECONDS) as connection:
        return connection.execute(REMOVE_OLD, {"kept_for": KEPT_FOR}).rowcount


def _of_report(report: Waiting) -> Item:
    return Item(report.creator_id, f"{report.run_id} {report.creator_id}")


def _filters(report: Waiting) -> dict[str, str]:
    beside = {} if report.compare == USUALLY_BESIDE else {"compare": report.compare}
    return {"period": report.period} | beside


def _settle(report: Waiting) -> None:
    by = Requester("staff", report.asked_by_name, report.asked_by)
    export_id, refusal = None, None
    try:
        export_id = request_export(by, report.creator_id, "analytics", report.format, _filters(report))
    except InputError as error:
        refusal = str(error)
    with platform_tx() as connection:
        place = {"creator_id": report.creator_id, "run_id": report.run_id}
        connection.execute(SETTLE, place | {"export_id": export_id, "refusal": refusal})
