"""Uploads from the worker's side: claim, report progress, finish. Only the latest attempt counts."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from actions.videos import figures_follow
from database.statements import sql
from database.storage import new_key
from database.tenancy import tenant_tx

FOLDER, POSTERS, IMPORTS = "videos", "posters", "imports"

WAITING = text(
    """
    select
        extension,
        file_bytes,
        parts_key,
        storage_key,
        is_stored,
        purpose
    from uploads
    where
        creator_id = :creator_id
        and id = :upload_id
        and status = 'received'
    for update
    """
)
CLAIM = text(
    """
    update uploads
    set
        status = 'processing',
        attempt = attempt + 1,
        heartbeat_at = clock_timestamp(),
        storage_key = :storage_key
    where
        creator_id = :creator_id
        and id = :upload_id
    returning
        attempt,
        video_id
    """
)
# A video whose current file can be watched stays unchanged until the new file is ready.
VIDEO_IS = text(
    """
    update videos
    set
        status = :status,
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :video_id
        and status <> 'completed'
    """
)
IN_HAND = """
    where
        creator_id = :creator_id
        and id = :upload_id
        and attempt = :attempt
        and status = 'processing'
"""
BEAT = text(f"update uploads set heartbeat_at = clock_timestamp() {IN_HAND}")
STORED = text(
    f"""
    update uploads
    set
        is_stored = true,
        sha256 = :sha256,
        file_bytes = :file_bytes,
        heartbeat_at = clock_timestamp()
    {IN_HAND}
    """
)
FINISH = text(
    f"""
    update uploads
    set
        status = 'completed',
        error_message = null,
        ended_at = dashboard_now()
    {IN_HAND}
    """
)
FAIL = text(
    f"""
    update uploads
    set
        status = 'failed',
        error_message = :error_message,
        is_repeatable = :is_repeatable,
        changed_at = clock_timestamp(),
        ended_at = dashboard_now()
    {IN_HAND}
    """
)
GIVE_BACK = text(f"update uploads set status = 'received' {IN_HAND}")
PRESENT = text(
    """
    select status = 'completed' as has_file
    from videos
    where
        creator_id = :creator_id
        and id = :video_id
    for update
    """
)
KEEP_EDITION = text(sql("actions/keep_edition"))
NEXT_EDITION = text(
    """
    insert into video_editions (creator_id, video_id, edition, began_at)
    select
        :creator_id,
        :video_id,
        max(edition) + 1,
        dashboard_now()
    from video_editions
    where
        creator_id = :creator_id
        and video_id = :video_id
    """
)
SHOW = text(
    """
    update videos
    set
        status = 'completed',
        storage_key = :storage_key,
        file_bytes = :file_bytes,
        duration_seconds = :duration_seconds,
        width_pixels = :width_pixels,
        height_pixels = :height_pixels,
        poster_key = :poster_key,
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :video_id
    """
)


@dataclass(frozen=True)
class UploadAttempt:
    """One attempt at an upload; the number is its fencing token.

    `abandoned_key` is where an attempt before it may have left a file; without `video_id` it is a file of rows.
    """

    creator_id: UUID
    upload_id: UUID
    number: int
    video_id: UUID | None
    extension: str
    file_bytes: int | None
    parts_key: str | None
    storage_key: str
    is_stored: bool
    abandoned_key: str | None


@dataclass(frozen=True)
class MediaFacts:
    """What a video file says about itself; None: unknown."""

    duration_seconds: int | None
    width_pixels: int | None
    height_pixels: int | None


def claim_upload(creator_id: UUID, upload_id: UUID) -> UploadAttempt | None:
    """Claim an upload that has arrived; None if there is none, or another worker was first."""
    scope = {"creator_id": creator_id, "upload_id": upload_id}
    with tenant_tx(creator_id) as connection:
        found = connection.execute(WAITING, scope).one_or_none()
        if found is None:
            return None
        folder = FOLDER if found.purpose == "video" else IMPORTS
        key = found.storage_key if found.is_stored else new_key(folder, creator_id, found.extension)
        claimed = connection.execute(CLAIM, scope | {"storage_key": key}).one()
        connection.execute(VIDEO_IS, scope | {"video_id": claimed.video_id, "status": "processing"})
    return UploadAttempt(
        creator_id,
        upload_id,
        claimed.attempt,
        claimed.video_id,
        found.extension,
        found.file_bytes,
        found.parts_key,
        key,
        found.is_stored,
        None if found.is_stored else found.storage_key,
    )


def beat(attempt: UploadAttempt) -> bool:
    """Report that the attempt is alive; False: it is no longer wanted, so stop."""
    return _reported(attempt, BEAT)


def note_stored(attempt: UploadAttempt, sha256: str, file_bytes: int) -> bool:
    """Record that the whole file is stored under the attempt's key. False: it is no longer wanted, so remove it."""
    return _reported(attempt, STORED, sha256=sha256, file_bytes=file_bytes)


def finish_upload(attempt: UploadAttempt, facts: MediaFacts, file_bytes: int, poster_key: str | None) -> bool:
    """Show the file: as the first edition of a new video, otherwise as the next one. False: it is no longer wanted.

    A replaced file stays on record with its length, and so do its figures; those of the new file begin now.
    Nobody sees a new video before it is published.
    """
    scope = {"creator_id": attempt.creator_id, "video_id": attempt.video_id}
    found = asdict(facts) | {"storage_key": attempt.storage_key, "file_bytes": file_bytes, "poster_key": poster_key}
    with tenant_tx(attempt.creator_id) as connection:
        if not _changed(connection, attempt, FINISH):
            return False
        if connection.execute(PRESENT, scope).one().has_file:
            connection.execute(KEEP_EDITION, scope)
            connection.execute(NEXT_EDITION, scope)
        connection.execute(SHOW, scope | found)
    figures_follow(attempt.creator_id)
    return True


def finish_file(attempt: UploadAttempt) -> bool:
    """A file of rows is complete: what is in it is read when its owner says what it is. False: no longer wanted."""
    return _reported(attempt, FINISH)


def fail_upload(attempt: UploadAttempt, error_message: str, is_repeatable: bool) -> bool:
    """Fail the attempt with a reason in words, shown to the creator; can be retried if the file is not to blame."""
    scope = {"creator_id": attempt.creator_id, "video_id": attempt.video_id, "status": "failed"}
    with tenant_tx(attempt.creator_id) as connection:
        if not _changed(connection, attempt, FAIL, error_message=error_message, is_repeatable=is_repeatable):
            return False
        connection.execute(VIDEO_IS, scope)
    figures_follow(attempt.creator_id)
    return True


def give_back(attempt: UploadAttempt) -> bool:
    """Release the upload to another worker: this one has to stop."""
    return _reported(attempt, GIVE_BACK)


def _reported(attempt: UploadAttempt, statement: TextClause, **values: Any) -> bool:
    with tenant_tx(attempt.creator_id) as connection:
        return _changed(connection, attempt, statement, **values)


def _changed(connection: Connection, attempt: UploadAttempt, statement: TextClause, **values: Any) -> bool:
    token = {"creator_id": attempt.creator_id, "upload_id": attempt.upload_id, "attempt": attempt.number}
    return connection.execute(statement, token | values).rowcount == 1
