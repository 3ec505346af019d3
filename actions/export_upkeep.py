"""What keeps exports from being stuck, and their files and rows from staying for ever; for all creators."""

import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy import TextClause, text

from actions.export_runs import FOLDER
from actions.exports import hand_over
from database.each import each, of_row
from database.export_rules import KEPT_FOR, MOST_WORKERS_LOST, SILENT_SECONDS
from database.scratch import remove_forgotten
from database.storage import all_stored_keys, file_item, remove_file, remove_unfinished_files
from database.tenancy import JOB_SECONDS, platform_tx, tenant_tx

logger = logging.getLogger(__name__)

FILE_ALONE = "file_without_export"  # a kind of failure
HOURS_OF_A_WRITER = 24  # no file takes so long to be stored
GONE = "The file is no longer in the storage. Start the export again."
LOST = (
    "The export was tried {times} times, and each time the program that made it stopped halfway. "
    "Ask for less with a filter, or tell support the time of this export."
)

SILENT = text(
    """
    -- One row per export whose worker has said nothing for too long.
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
    -- One row per export that is kept no longer.
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


@dataclass(frozen=True)
class CleanUp:
    """What a clean-up did."""

    exports_removed: int
    exports_without_file: int
    files_without_export: int
    unfinished_files: int


def recover_lost_exports(silent_seconds: float = SILENT_SECONDS) -> int:
    """Give the exports of dead workers to others, or fail those that were tried too often; how many.

    Nothing that the dead worker stored stays. One that is not dead but slow finds its attempt outdated.
    """
    limits = {"silent_seconds": silent_seconds, "most": MOST_WORKERS_LOST}
    lost = LOST.format(times=MOST_WORKERS_LOST)

    def recovered(row: dict[str, Any]) -> bool:
        if not _changed(RECOVER, row, **limits, lost=lost):
            return False
        logger.warning("the worker of export %s was lost", row["id"])
        each([row["storage_key"]] * bool(row["storage_key"]), _removed, FILE_ALONE, file_item)  # else by night
        return True

    return sum(each(_everywhere(SILENT, **limits), recovered, "export_recovery", of_row))


def hand_over_waiting_exports() -> int:
    """Put every pending export that is in no queue into the workers' queue; how many there were."""
    waiting = _everywhere(WAITING)
    return sum(each(waiting, lambda row: hand_over(row["creator_id"], row["id"]), "export_hand_over", of_row))


def clean_up_exports() -> CleanUp:
    """Remove files and rows that are older than 30 days, files without a row, and say where a file is missing."""
    removed = sum(each(_everywhere(OLD, kept_for=KEPT_FOR), _forgotten, "export_removal", of_row))
    # A row names its file before the file is there, and the file goes before the row: so rows, files, rows.
    before = _everywhere(WITH_FILES)
    keys = set(all_stored_keys(FOLDER))
    known = {row["storage_key"] for row in _everywhere(WITH_FILES)}
    missing = [row for row in before if row["status"] == "completed" and row["storage_key"] not in keys]
    return CleanUp(
        exports_removed=removed,
        exports_without_file=sum(
            each(missing, lambda row: _changed(EXPIRE, row, gone=GONE), "export_without_file", of_row)
        ),
        files_without_export=sum(each(sorted(keys - known), _removed, FILE_ALONE, file_item)),
        unfinished_files=remove_unfinished_files(FOLDER, HOURS_OF_A_WRITER * 3600)
        + remove_forgotten(HOURS_OF_A_WRITER * 3600),
    )


def _forgotten(row: dict[str, Any]) -> bool:
    """The file goes first: were the row first, a crash in between would leave a file that nobody knows of."""
    return _removed(row["storage_key"]) and _changed(REMOVE, row)


def _everywhere(statement: TextClause, **values: Any) -> list[dict[str, Any]]:
    with platform_tx(JOB_SECONDS) as connection:
        return [dict(row) for row in connection.execute(statement, values).mappings()]


def _changed(statement: TextClause, row: dict[str, Any], **values: Any) -> bool:
    with tenant_tx(row["creator_id"]) as connection:
        return connection.execute(statement, row | values).rowcount == 1


def _removed(key: str | None) -> bool:
    """No such file is there now. Raises StorageError; what fails by night is tried again the next night."""
    if key is not None:
        remove_file(key)
    return True
