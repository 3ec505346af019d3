"""Clean-up for all creators: releases stuck uploads, ends abandoned ones, removes files that nobody needs."""

import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text

from actions.upload_files import PART_ALONE, let_go
from actions.upload_runs import FOLDER, IMPORTS
from actions.uploads import PARTS_FOLDER, hand_over
from database.each import each, of_row
from database.storage import all_stored_keys, file_item, remove_file, remove_unfinished_files
from database.tenancy import JOB_SECONDS, platform_tx, tenant_tx
from rules.uploads import FAILED_KEPT_FOR, MOST_WORKERS_LOST, SILENT_SECONDS, UNFINISHED_KEPT_FOR

logger = logging.getLogger(__name__)

HOURS_OF_A_WRITER = 24  # storing a part or a file never takes this long
LOST = (
    f"The file was tried {MOST_WORKERS_LOST} times, and the worker stopped halfway each time. "
    "Try again, or contact support with the time of this upload."
)
ABANDONED = f"The upload was not finished within {UNFINISHED_KEPT_FOR.days} days. Upload the file again."

SILENT = text(
    """
    -- One row per upload whose worker has been silent for too long.
    select
        creator_id,
        id,
        attempt
    from uploads
    where
        status = 'processing'
        and heartbeat_at < clock_timestamp() - make_interval(secs => :silent_seconds)
    """
)
RECOVER = text(
    """
    update uploads
    set
        workers_lost = workers_lost + 1,
        status = case when workers_lost + 1 < :most then 'received' else 'failed' end,
        ended_at = case when workers_lost + 1 < :most then null else dashboard_now() end,
        error_message = case when workers_lost + 1 < :most then null else :lost end,
        is_repeatable = true
    where
        creator_id = :creator_id
        and id = :id
        and attempt = :attempt
        and status = 'processing'
    returning
        status,
        video_id
    """
)
VIDEO_FAILED = text(
    """
    update videos
    set
        status = 'failed',
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :video_id
        and status <> 'completed'
    """
)
WAITING = text(
    """
    -- One row per upload that has arrived and that no worker has claimed.
    select
        creator_id,
        id
    from uploads
    where status = 'received'
    order by changed_at
    """
)
ABANDONED_ONES = text(
    """
    -- One row per upload of which nothing has arrived for too long.
    select
        creator_id,
        id
    from uploads
    where
        status = 'receiving'
        and changed_at < clock_timestamp() - :kept_for
    """
)
ABANDON = text(
    """
    update uploads
    set
        status = 'failed',
        error_message = :message,
        ended_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :id
        and status = 'receiving'
        and changed_at < clock_timestamp() - :kept_for
    returning video_id
    """
)
ENDED = text(
    """
    -- One row per upload that nobody needs any more and that still takes up storage.
    select
        creator_id,
        id
    from uploads
    where
        is_kept
        and (
            status = 'cancelled'
            or (status = 'failed' and changed_at < clock_timestamp() - :kept_for)
            or (purpose = 'import' and status = 'completed' and changed_at < clock_timestamp() - :kept_for)
        )
    """
)
NEEDED = text(
    """
    -- One row per upload whose parts are needed, now or for a retry.
    select
        creator_id,
        id,
        parts_key
    from uploads
    where
        is_kept
        and status in ('receiving', 'received', 'processing', 'failed')
        and parts_key is not null
    """
)


@dataclass(frozen=True, slots=True)
class FoundUpload:
    """One row per matching upload of any creator; columns that were not requested are None."""

    creator_id: UUID
    id: UUID
    attempt: int | None = None
    parts_key: str | None = None


@dataclass(frozen=True)
class UploadCleanUp:
    """The results of a clean-up."""

    uploads_abandoned: int
    uploads_let_go: int
    parts_without_upload: int
    unfinished_files: int


def recover_lost_uploads(silent_seconds: float = SILENT_SECONDS) -> int:
    """Release the uploads of dead workers, or fail those tried too often; returns how many.

    A worker that is only slow finds its attempt outdated.
    """
    return sum(each(_everywhere(SILENT, silent_seconds=silent_seconds), _recovered, "upload_recovery", of_row))


def hand_over_waiting_uploads() -> int:
    """Queue every upload that has arrived and is not queued yet; returns how many there were."""
    waiting = _everywhere(WAITING)
    return sum(each(waiting, lambda row: hand_over(row.creator_id, row.id), "upload_hand_over", of_row))


def clean_up_uploads() -> UploadCleanUp:
    """End uploads abandoned a week ago; remove files of failed or cancelled ones, and parts without an upload."""
    abandoned = each(
        _everywhere(ABANDONED_ONES, kept_for=UNFINISHED_KEPT_FOR), _abandoned, "upload_abandonment", of_row
    )
    let_go_of = each(_everywhere(ENDED, kept_for=FAILED_KEPT_FOR), _let_go, "upload_removal", of_row)
    # An upload exists before its parts: so parts first, then uploads.
    keys = list(all_stored_keys(PARTS_FOLDER))
    needed = {row.parts_key for row in _everywhere(NEEDED)}
    alone = [key for key in keys if key.rpartition(".")[0] not in needed]
    return UploadCleanUp(
        uploads_abandoned=sum(abandoned),
        uploads_let_go=sum(let_go_of),
        parts_without_upload=sum(each(alone, _removed, PART_ALONE, file_item)),
        unfinished_files=remove_unfinished_files(PARTS_FOLDER, HOURS_OF_A_WRITER * 3600)
        + remove_unfinished_files(FOLDER, HOURS_OF_A_WRITER * 3600)
        + remove_unfinished_files(IMPORTS, HOURS_OF_A_WRITER * 3600),
    )


def _recovered(row: FoundUpload) -> bool:
    values = {"creator_id": row.creator_id, "id": row.id, "attempt": row.attempt}
    with tenant_tx(row.creator_id) as connection:
        found = connection.execute(RECOVER, values | {"most": MOST_WORKERS_LOST, "lost": LOST}).one_or_none()
        if found is None:
            return False
        if found.status == "failed":
            connection.execute(VIDEO_FAILED, values | {"video_id": found.video_id})
    logger.warning("the worker of upload %s was lost", row.id)
    return True


def _abandoned(row: FoundUpload) -> bool:
    values = {"creator_id": row.creator_id, "id": row.id, "message": ABANDONED, "kept_for": UNFINISHED_KEPT_FOR}
    with tenant_tx(row.creator_id) as connection:
        abandoned = connection.execute(ABANDON, values).one_or_none()
        if abandoned is None:
            return False
        connection.execute(VIDEO_FAILED, values | {"video_id": abandoned.video_id})
    let_go(row.creator_id, row.id)
    return True


def _let_go(row: FoundUpload) -> bool:
    let_go(row.creator_id, row.id)
    return True


def _removed(key: str) -> bool:
    remove_file(key)
    return True


def _everywhere(statement: TextClause, **values: Any) -> list[FoundUpload]:
    with platform_tx(JOB_SECONDS) as connection:
        return [FoundUpload(**row) for row in connection.execute(statement, values).mappings()]
