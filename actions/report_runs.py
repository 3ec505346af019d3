"""Reports for many creators at once: asked for by staff, made as exports, removed with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from actions.exports import Asker, request_export
from database.accounts import must_be_staff
from database.each import each
from database.errors import InputError
from database.export_rules import KEPT_FOR
from database.failures import Item
from database.job_queue import defer
from database.tenancy import JOB_SECONDS, platform_tx

QUEUE = "default"  # short: it only asks, and must not wait for an export to end
TASK = "request_reports"

ADD_RUN = text(
    """
    insert into report_runs (asked_by, asked_by_name, period, format)
    values (:staff_id, :staff_name, :period, :format)
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
    -- One row per creator whose report has not been asked for yet, the earliest run first.
    select
        report_run_creators.run_id,
        report_run_creators.creator_id,
        report_runs.asked_by,
        report_runs.asked_by_name,
        report_runs.period,
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
    -- One entry of the audit log per creator whose report is there.
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
    """A report of a run that has not been asked for yet."""

    run_id: UUID
    creator_id: UUID
    asked_by: UUID
    asked_by_name: str
    period: str
    format: str


def start_run(staff_id: UUID, creator_ids: Sequence[UUID], period: str, report_format: str) -> UUID:
    """Write down for whom reports are wanted, and hand the rest to a worker; the run's id.

    Raises NotStaff, and InputError where no creator is chosen.
    """
    if not creator_ids:
        raise InputError("Choose at least one creator.")
    with platform_tx() as connection:
        must_be_staff(connection, staff_id)
        name = connection.execute(ACCOUNT_NAME, {"staff_id": staff_id}).scalar_one()
        wanted = {"staff_id": staff_id, "staff_name": name, "period": period, "format": report_format}
        run_id: UUID = connection.execute(ADD_RUN, wanted).scalar_one()
        connection.execute(ADD_CREATORS, {"run_id": run_id, "creator_ids": list(creator_ids)})
    hand_over_runs()
    return run_id


def hand_over_runs() -> bool:
    """Have a worker ask for the reports that wait; False where one is asked to already."""
    return defer(TASK, queueing_lock=TASK, queue=QUEUE)


def waiting_reports() -> list[Waiting]:
    """Reports of all runs that have not been asked for yet."""
    with platform_tx(JOB_SECONDS) as connection:
        return [Waiting(**row) for row in connection.execute(WAITING).mappings()]


def request_waiting_reports() -> int:
    """Ask for every report that waits, each an export of its creator; how many were asked for or refused.

    Whoever may have none is noted with the reason. Done twice, or by two workers, it is the same:
    a request that waits or runs already is the same export.
    """
    return len(each(waiting_reports(), _settle, "report_request", _of_report))


def note_download(staff_id: UUID, run_id: UUID) -> None:
    """Write to the audit log of each creator whose report is in the zip that staff downloaded it."""
    with platform_tx() as connection:
        connection.execute(NOTE_DOWNLOAD, {"run_id": run_id, "staff_id": staff_id})


def remove_old_runs() -> int:
    """Forget runs after 30 days, like their exports; how many."""
    with platform_tx(JOB_SECONDS) as connection:
        return connection.execute(REMOVE_OLD, {"kept_for": KEPT_FOR}).rowcount


def _of_report(report: Waiting) -> Item:
    return Item(report.creator_id, f"{report.run_id} {report.creator_id}")


def _settle(report: Waiting) -> None:
    by = Asker("staff", report.asked_by_name, report.asked_by)
    export_id, refusal = None, None
    try:
        export_id = request_export(by, report.creator_id, "analytics", report.format, {"period": report.period})
    except InputError as error:
        refusal = str(error)
    with platform_tx() as connection:
        place = {"creator_id": report.creator_id, "run_id": report.run_id}
        connection.execute(SETTLE, place | {"export_id": export_id, "refusal": refusal})
