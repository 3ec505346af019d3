"""Uploads of video files as their creator sees them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from database.tenancy import reading_tx

SHOWN = text(
    """
    -- One row per upload that is not finished, or failed and was the last of its video; the newest first.
    select
        uploads.id as upload_id,
        uploads.video_id,
        videos.title,
        videos.status = 'completed' as has_file,
        uploads.file_name,
        uploads.file_bytes,
        uploads.modified_ms,
        uploads.status,
        uploads.error_message,
        uploads.is_repeatable and uploads.is_kept as is_repeatable,
        coalesce(
            (
                select sum(upload_parts.size_bytes)
                from upload_parts
                where
                    upload_parts.creator_id = uploads.creator_id
                    and upload_parts.upload_id = uploads.id
            ),
            0
        )::bigint as arrived_bytes,
        uploads.changed_at
    from uploads
    join videos
        on videos.creator_id = uploads.creator_id
        and videos.id = uploads.video_id
    where
        uploads.creator_id = :creator_id
        and uploads.status in ('receiving', 'received', 'processing', 'failed')
        and videos.deleted_at is null
        and (cast(:video_id as uuid) is null or uploads.video_id = cast(:video_id as uuid))
        and not exists (
            select
            from uploads as later
            where
                later.creator_id = uploads.creator_id
                and later.video_id = uploads.video_id
                and later.changed_at > uploads.changed_at
        )
    order by uploads.changed_at desc
    limit :limit
    """
)
MOST_SHOWN = 100


@dataclass(frozen=True)
class ShownUpload:
    """An upload that is not finished, or that failed. `has_file`: students have another file meanwhile."""

    upload_id: UUID
    video_id: UUID
    title: str
    has_file: bool
    file_name: str
    file_bytes: int | None
    modified_ms: int
    status: str
    error_message: str | None
    is_repeatable: bool
    arrived_bytes: int
    changed_at: datetime


def shown_uploads(creator_id: UUID, video_id: UUID | None = None) -> list[ShownUpload]:
    """The uploads that need a look, the newest first, of one video or of all; never from a cache."""
    with reading_tx(creator_id) as connection:
        rows = connection.execute(SHOWN, {"creator_id": creator_id, "video_id": video_id, "limit": MOST_SHOWN})
        return [ShownUpload(**row) for row in rows.mappings()]


FILE = text(
    """
    select
        storage_key,
        poster_key,
        file_bytes,
        width_pixels,
        height_pixels
    from videos
    where
        creator_id = :creator_id
        and id = :video_id
        and deleted_at is null
    """
)


@dataclass(frozen=True)
class VideoFile:
    """The file of a video that is shown now; None: unknown, or there is none."""

    storage_key: str | None
    poster_key: str | None
    file_bytes: int | None
    width_pixels: int | None
    height_pixels: int | None


def video_file(creator_id: UUID, video_id: UUID) -> VideoFile | None:
    """The file of a video; None for one that is unknown, deleted or another creator's."""
    with reading_tx(creator_id) as connection:
        row = connection.execute(FILE, {"creator_id": creator_id, "video_id": video_id}).mappings().one_or_none()
        return VideoFile(**row) if row else None
