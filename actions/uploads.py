"""Uploads from the creator's side: begin (of a video's file), replace, cancel, try again."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from actions.arriving_files import Announced, ArrivingFile
from actions.upload_files import let_go
from actions.upload_quota import must_have_room
from actions.videos import figures_follow, must_be_a_course, unknown_video, video_title
from database.accounts import Account, may_write
from database.each import each
from database.failures import Item
from database.job_queue import defer
from database.storage import new_key
from database.tenancy import tenant_tx
from rules.errors import InputError
from rules.tiers import must_open_the_dashboard

QUEUE = "uploads"
TASK = "check_upload"
PARTS_FOLDER = "upload_parts"

TIER = text("select subscription_tier from creators where id = :creator_id")
ADD_VIDEO = text(
    """
    insert into videos (creator_id, title, status, is_published, course_id, position)
    select
        :creator_id,
        :title,
        'uploaded',
        false,
        cast(:course_id as uuid),
        coalesce(max(position), 0) + 1
    from videos
    where
        creator_id = :creator_id
        and deleted_at is null
    returning id
    """
)
VIDEO = text(
    """
    select id
    from videos
    where
        creator_id = :creator_id
        and id = :video_id
        and deleted_at is null
    for update
    """
)
EARLIER = text(
    """
    -- One row per upload of the video that did not end well.
    select
        id,
        status
    from uploads
    where
        creator_id = :creator_id
        and video_id = :video_id
        and status in ('receiving', 'received', 'processing', 'failed')
        and is_kept
    """
)
ADD = text(
    """
    insert into uploads (
        creator_id, purpose, video_id, file_name, file_bytes, modified_ms, extension, parts_key, created_by
    )
    values (:creator_id, :purpose, :video_id, :name, :size_bytes, :modified_ms, :extension, :parts_key, :author_id)
    returning id
    """
)
# Whatever `is_published` says, nobody has published a video that never had a file.
WAITS_AGAIN = text(
    """
    update videos
    set
        status = 'uploaded',
        is_published = false,
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :video_id
        and status <> 'completed'
    """
)
CANCEL = text(
    """
    update uploads
    set
        status = 'cancelled',
        ended_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = any(:upload_ids)
        and status in ('receiving', 'failed')
    returning video_id
    """
)
# A video that never had a file is deleted with its upload.
WITHOUT_FILE = text(
    """
    update videos
    set
        deleted_at = dashboard_now(),
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :video_id
        and status <> 'completed'
        and not exists (
            select
            from uploads
            where
                uploads.creator_id = :creator_id
                and uploads.video_id = :video_id
                and uploads.status in ('receiving', 'received', 'processing', 'completed')
        )
    """
)
TRY_AGAIN = text(
    """
    update uploads
    set
        status = 'received',
        workers_lost = 0,
        error_message = null,
        changed_at = clock_timestamp(),
        ended_at = null
    where
        creator_id = :creator_id
        and id = :upload_id
        and status = 'failed'
        and is_repeatable
        and is_kept
    returning video_id
    """
)


def begin_upload(
    author: Account, creator_id: UUID, file: ArrivingFile, title: str = "", course_id: UUID | None = None
) -> UUID:
    """Add a video at the end of its course (the first by default), waiting for its file; returns the upload's id.

    Raises InputError for a title or course that cannot be used, for a file that exceeds the quota and for staff, who
    have read-only access; FeatureAccessDenied without the ENTERPRISE tier.
    """
    may_write(author, creator_id)
    values = _values(author, creator_id, file) | {"title": video_title(title.strip() or file.title)}
    with tenant_tx(creator_id) as connection:
        must_be_entitled(connection, creator_id)
        must_have_room(connection, values, file.size_bytes)
        if course_id is not None:
            must_be_a_course(connection, creator_id, course_id)
        video_id = connection.execute(ADD_VIDEO, values | {"course_id": course_id}).scalar_one()
        begun: UUID = connection.execute(ADD, values | {"video_id": video_id}).scalar_one()
    figures_follow(creator_id)
    return begun


def begin_file(author: Account, creator_id: UUID, file: Announced) -> UUID:
    """Let a file of rows arrive, which is imported later; returns the upload's id. Raises like `begin_upload`."""
    may_write(author, creator_id)
    values = _values(author, creator_id, file) | {"purpose": "import", "video_id": None}
    with tenant_tx(creator_id) as connection:
        must_be_entitled(connection, creator_id)
        must_have_room(connection, values, file.size_bytes)
        begun: UUID = connection.execute(ADD, values).scalar_one()
    return begun


def begin_replacement(author: Account, creator_id: UUID, video_id: UUID, file: ArrivingFile) -> UUID:
    """Let another file replace the video's, once it has arrived and been checked; returns the upload's id.

    Until then students see the present file. An unfinished or failed upload of the video is dropped. Raises like
    `begin_upload`, NoSuchVideo, and InputError while another file is being processed.
    """
    may_write(author, creator_id)
    values = _values(author, creator_id, file) | {"video_id": video_id}
    with tenant_tx(creator_id) as connection:
        must_be_entitled(connection, creator_id)
        if connection.execute(VIDEO, values).one_or_none() is None:
            raise unknown_video()
        dropped = _earlier_dropped(connection, values)
        must_have_room(connection, values, file.size_bytes)
        connection.execute(WAITS_AGAIN, values)
        begun: UUID = connection.execute(ADD, values).scalar_one()
    each(dropped, partial(let_go, creator_id), "upload_removal", lambda upload_id: Item(creator_id, str(upload_id)))
    return begun


def cancel_upload(author: Account, creator_id: UUID, upload_id: UUID) -> bool:
    """Drop an upload that is unfinished or failed, and what arrived of it; False if it had ended otherwise.

    A video that has no other file is deleted with it.
    """
    may_write(author, creator_id)
    scope = {"creator_id": creator_id, "upload_id": upload_id}
    with tenant_tx(creator_id) as connection:
        cancelled = connection.execute(CANCEL, scope | {"upload_ids": [upload_id]}).one_or_none()
        if cancelled is None:
            return False
        connection.execute(WITHOUT_FILE, scope | {"video_id": cancelled.video_id})
    let_go(creator_id, upload_id)
    figures_follow(creator_id)
    return True


def retry_upload(author: Account, creator_id: UUID, upload_id: UUID) -> bool:
    """Check a file again if the failed check was not its own fault; False if there is nothing to repeat."""
    may_write(author, creator_id)
    scope = {"creator_id": creator_id, "upload_id": upload_id}
    with tenant_tx(creator_id) as connection:
        repeated = connection.execute(TRY_AGAIN, scope).one_or_none()
        if repeated is None:
            return False
        connection.execute(WAITS_AGAIN, scope | {"video_id": repeated.video_id})
    hand_over(creator_id, upload_id)
    return True


def hand_over(creator_id: UUID, upload_id: UUID) -> bool:
    """Queue an upload that is committed as received; False if it is already queued."""
    arguments = {"creator_id": str(creator_id), "upload_id": str(upload_id)}
    return defer(TASK, queueing_lock=f"{TASK} {upload_id}", queue=QUEUE, **arguments)


def must_be_entitled(connection: Connection, creator_id: UUID) -> None:
    """Raise FeatureAccessDenied unless the creator has the ENTERPRISE tier at this very moment."""
    tier = connection.execute(TIER, {"creator_id": creator_id}).scalar()
    must_open_the_dashboard(tier, what="Uploads are")


def _values(author: Account, creator_id: UUID, file: Announced) -> dict[str, Any]:
    return {
        "creator_id": creator_id,
        "author_id": author.id,
        "purpose": "video",
        "name": file.name,
        "size_bytes": file.size_bytes,
        "modified_ms": file.modified_ms,
        "extension": file.extension,
        "parts_key": new_key(PARTS_FOLDER, creator_id, "0").removesuffix(".0"),
    }


def _earlier_dropped(connection: Connection, values: dict[str, Any]) -> Sequence[UUID]:
    earlier = connection.execute(EARLIER, values).all()
    if any(row.status in ("received", "processing") for row in earlier):
        raise InputError("A file of this video is being processed; wait a moment, then replace it.")
    dropped = [row.id for row in earlier]
    connection.execute(CANCEL, values | {"upload_ids": dropped})
    return dropped
