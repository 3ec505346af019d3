"""Clean-up for all creators: releases stuck exports, and removes old files and rows."""

import logging
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text

from actions.export_runs import FOLDER
from actions.exports import hand_over
from database.each import each, of_row
from database.scratch import remove_forgotten
from database.storage import all_stored_keys, file_item, remove_file, remove_unfinished_files
from database.tenancy import JOB_SECONDS, platform_tx, tenant_tx
from rules.export_rules import KEPT_FOR, MOST_WORKERS_LOST, SILENT_SECONDS

logger = logging.getLogger(__name__)

FILE_ALONE = "file_without_export"  # a kind of failure
HOURS_OF_A_WRITER = 24  # storing a file never takes this long
GONE = "The file is no longer in storage. Create it again."
LOST = (
    "The export was tried {times} times, and the worker stopped halfway each time. "
    "Use a filter to make it smaller, or contact support with the time of this export."
)

SILENT = text(
    """
    -- One row per export whose worker has been silent for too long.
    select
        creator_id,
        id,
        attempt,
        storage_key
    from export_logs
    where
        status = 'processing'
        and heartbeat_at < clock_timestamp() - make_interval(secs => :silent_seconds)
    """
)
RECOVER = text(
    """
    update export_logs
    set
        workers_lost = workers_lost + 1,
        status = case when workers_lost + 1 < :most then 'pending' else 'failed' end,
        completed_at = case when workers_lost + 1 < :most then null else dashboard_now() end,
        error_message = case when workers_lost + 1 < :most then null else :lost end
    where
        creator_id = :creator_id
        and id = :id
        and attempt = :attempt
        and status = 'processing'
        and heartbeat_at < clock_timestamp() - make_interval(secs => :silent_seconds)
    """
)
WAITING = text("select creator_id, id from export_logs where status = 'pending' order by created_at")
OLD = text(
    """
    -- One row per export that is no longer kept.
    select
        creator_id,
        id,
        storage_key
    from export_logs
    where created_at <= dashboard_now() - :kept_for
    """
)
REMOVE = text("delete from export_logs where creator_id = :creator_id and id = :id")
WITH_FILES = text(
    """
    -- One row per export that has a file or is writing one.
    select
        creator_id,
        id,
        storage_key,
        status
    from export_logs
    where
        status in ('processing', 'completed')
        and storage_key is not null
    """
)
EXPIRE = text(
    """
    update export_logs
    set
        status = 'expired',
        error_message = :gone
    where
        creator_id = :creator_id
        and id = :id
        and status = 'completed'
        and storage_key = :storage_key
    """
)


@dataclass(frozen=True, slots=True)
class FoundExport:
    """One row per matching export of any creator; columns that were not requested are None."""

    creator_id: UUID
    id: UUID
    storage_key: str | None = None
    status: str | None = None
    attempt: int | None = None


@dataclass(frozen=True)
class CleanUp:
    """The results of a clean-up."""

    exports_removed: int
    exports_without_file: int
    files_without_export: int
    unfinished_files: int


def recover_lost_exports(silent_seconds: float = SILENT_SECONDS) -> int:
    """Release the exports of dead workers, or fail those tried too often; returns how many.

    Files stored by the dead worker are removed. A worker that is only slow finds its attempt outdated.
    """
    limits = {"silent_seconds": silent_seconds, "most": MOST_WORKERS_LOST}
    lost = LOST.format(times=MOST_WORKERS_LOST)

    def recovered(row: FoundExport) -> bool:
        if not _changed(RECOVER, row, **limits, lost=lost):
            return False
        logger.warning("the worker of export %s was lost", row.id)
        each([row.storage_key] if row.storage_key else [], _removed, FILE_ALONE, file_item)  # else at night
        return True

    return sum(each(_everywhere(SILENT, **limits), recovered, "export_recovery", of_row))


def hand_over_waiting_exports() -> int:
    """Queue every pending export that is not queued yet; returns how many there were."""
    waiting = _everywhere(WAITING)
    return sum(each(waiting, lambda row: hand_over(row.creator_id, row.id), "export_hand_over", of_row))


def clean_up_exports() -> CleanUp:
    """Remove files and rows older than 30 days and files without a row, and mark rows whose file is missing."""
    removed = sum(each(_everywhere(OLD, kept_for=KEPT_FOR), _forgotten, "export_removal", of_row))
    # A row names its file before the file exists, and the file is removed before the row: so rows, files, rows.
    before = _everywhere(WITH_FILES)
    keys = set(all_stored_keys(FOLDER))
    known = {row.storage_key for row in _everywhere(WITH_FILES)}
    missing = [row for row in before if row.status == "completed" and row.storage_key not in keys]
    return CleanUp(
        exports_removed=removed,
        exports_without_file=sum(
            each(missing, lambda row: _changed(EXPIRE, row, gone=GONE), "export_without_file", of_row)
        ),
        files_without_export=sum(each(sorted(keys - known), _removed, FILE_ALONE, file_item)),
        unfinished_files=remove_unfinished_files(FOLDER, HOURS_OF_A_WRITER * 3600)
        + remove_forgotten(HOURS_OF_A_WRITER * 3600),
    )


def _forgotten(row: FoundExport) -> bool:
    """Remove the file, then the row: the other way round, a crash in between would leave an unknown file."""
    return _removed(row.storage_key) and _changed(REMOVE, row)


def _everywhere(statement: TextClause, **values: Any) -> list[FoundExport]:
    with platform_tx(JOB_SECONDS) as connection:
        return [FoundExport(**row) for row in connection.execute(statement, values).mappings()]


def _changed(statement: TextClause, row: FoundExport, **values: Any) -> bool:
    with tenant_tx(row.creator_id) as connection:
        return connection.execute(statement, asdict(row) | values).rowcount == 1


def _removed(key: str | None) -> bool:
    """Remove the file if it exists. Raises StorageError; nightly failures are retried the next night."""
    if key is not None:
        remove_file(key)
    return True
