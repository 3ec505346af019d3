"""The library, written: a creator's videos uploaded, described, put in order and deleted."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import IO
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from actions.video_files import video_extension
from actions.written import lines, one_line, within
from database.accounts import Account, may_write
from database.errors import InputError
from database.refresh import refresh_now
from database.storage import StorageError, new_key, remove_file, store_file
from database.tenancy import tenant_tx

logger = logging.getLogger(__name__)

FOLDER = "videos"
DIFFICULTIES = ("beginner", "intermediate", "advanced")
TITLE_LIMIT, CATEGORY_LIMIT, TAG_LIMIT = 200, 80, 40  # characters
DESCRIPTION_LIMIT, TRANSCRIPT_LIMIT = 5_000, 500_000  # characters
TAGS_LIMIT = 20

ADD = text(
    """
    insert into videos (creator_id, title, status, storage_key, position)
    select
        :creator_id,
        :title,
        'uploaded',
        :storage_key,
        coalesce(max(position), 0) + 1
    from videos
    where
        creator_id = :creator_id
        and deleted_at is null
    returning id
    """
)
UPDATE = text(
    """
    update videos
    set
        title = :title,
        description = :description,
        category = :category,
        tags = cast(:tags as text[]),
        difficulty_level = :difficulty_level,
        transcript = :transcript,
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :video_id
        and deleted_at is null
    """
)
DELETE = text(
    """
    update videos
    set
        deleted_at = dashboard_now(),
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :video_id
        and deleted_at is null
    """
)
LIVE_VIDEOS = text(
    """
    -- Locked, so that nobody deletes one of them before the order is written.
    select id
    from videos
    where
        creator_id = :creator_id
        and deleted_at is null
    order by id
    for update
    """
)
REORDER = text(
    """
    update videos
    set
        position = wanted.position,
        updated_at = dashboard_now()
    from unnest(cast(:video_ids as uuid[])) with ordinality as wanted (id, position)
    where
        videos.creator_id = :creator_id
        and videos.id = wanted.id
        and videos.position <> wanted.position
    """
)


class NoSuchVideo(InputError):
    """The video is unknown, deleted or another creator's."""


@dataclass(frozen=True)
class VideoUpdates:
    """What a video is to be called and described by. Raises InputError, naming what cannot be used.

    Texts lose what no database can hold; titles, categories and tags are one line; tags that
    differ in case alone are one tag.
    """

    title: str
    description: str = ""
    category: str | None = None
    tags: Sequence[str] = ()
    difficulty_level: str | None = None
    transcript: str | None = None

    def __post_init__(self) -> None:
        cleaned = {
            "title": video_title(self.title),
            "description": within("description", lines(self.description), DESCRIPTION_LIMIT),
            "category": within("category", one_line(self.category), CATEGORY_LIMIT) or None,
            "tags": _tags(self.tags),
            "transcript": within("transcript", lines(self.transcript), TRANSCRIPT_LIMIT) or None,
        }
        if self.difficulty_level not in (None, *DIFFICULTIES):
            raise InputError(f'The difficulty is "{self.difficulty_level}"; choose one of {", ".join(DIFFICULTIES)}.')
        for field, value in cleaned.items():
            object.__setattr__(self, field, value)


def upload_video(author: Account, creator_id: UUID, title: str, file: IO[bytes]) -> UUID:
    """Store the file and add the video, last in the course and waiting to be processed; its id.

    The file is there before the row, and goes again when the row cannot be written: no row without
    a file, no file without a row. Raises InputError for a title or file that cannot be used and
    for staff, who only read; StorageError when the storage fails.
    """
    may_write(author, creator_id)
    title = video_title(title)
    key = new_key(FOLDER, creator_id, video_extension(file))
    store_file(key, file)
    try:
        with tenant_tx(creator_id) as connection:
            added: UUID = connection.execute(
                ADD, {"creator_id": creator_id, "title": title, "storage_key": key}
            ).scalar_one()
    except BaseException:
        _removed(key)
        raise
    _figures_follow(creator_id)
    return added


def update_video(author: Account, creator_id: UUID, video_id: UUID, updates: VideoUpdates) -> bool:
    """Describe a video anew; False when that shows only within a minute, because a refresh is running.

    Raises NoSuchVideo for one that is unknown, deleted or another creator's, and InputError for staff.
    """
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        values = asdict(updates) | {"creator_id": creator_id, "video_id": video_id, "tags": list(updates.tags)}
        _must_be_one(connection.execute(UPDATE, values).rowcount)
    return _figures_follow(creator_id)


def delete_video(author: Account, creator_id: UUID, video_id: UUID) -> bool:
    """Take a video out of the course and out of every figure; rows and file stay.

    False when the figures follow only within a minute. Raises NoSuchVideo for one that is
    unknown, deleted already or another creator's, and InputError for staff.
    """
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        _must_be_one(connection.execute(DELETE, {"creator_id": creator_id, "video_id": video_id}).rowcount)
    return _figures_follow(creator_id)


def reorder_videos(author: Account, creator_id: UUID, video_ids: Sequence[UUID]) -> bool:
    """Give the videos the positions 1 to n, in the order of the ids, which must be all of the creator's.

    False when the order shows only within a minute. Raises InputError for an id that is missing,
    there twice, deleted, unknown or another creator's, and for staff; no position changes then.
    """
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        live = set(connection.execute(LIVE_VIDEOS, {"creator_id": creator_id}).scalars())
        _must_be_exactly(live, video_ids)
        connection.execute(REORDER, {"creator_id": creator_id, "video_ids": list(video_ids)})
    return _figures_follow(creator_id)


def video_title(title: str) -> str:
    """The title as it is kept: one line. Raises InputError for none and for one that is too long."""
    kept = within("title", one_line(title), TITLE_LIMIT)
    if not kept:
        raise InputError("The title is empty; write what the video is called.")
    return kept


def _figures_follow(creator_id: UUID) -> bool:
    """Refresh at once; the change is committed, and a refresh that is busy or too slow comes again within a minute."""
    try:
        return refresh_now(creator_id)
    except OperationalError:
        return False


def _removed(key: str) -> None:
    try:
        remove_file(key)
    except StorageError:
        logger.error("the file %s has no row, and could not be removed", key)


def _must_be_one(changed: int) -> None:
    if changed != 1:
        raise NoSuchVideo("There is no such video; it may have been deleted. Reload the page.")


def _must_be_exactly(live: set[UUID], video_ids: Sequence[UUID]) -> None:
    twice = [video_id for video_id, count in Counter(video_ids).items() if count > 1]
    if twice:
        raise InputError(f"{len(twice)} of the videos stand in the order twice, for one {twice[0]}; name each once.")
    unknown = [video_id for video_id in video_ids if video_id not in live]
    if unknown:
        raise InputError(f"There is no video {unknown[0]}; it may have been deleted. Reload the page.")
    if len(video_ids) < len(live):
        missing = len(live) - len(video_ids)
        raise InputError(f"The order leaves out {missing} of {len(live)} videos; name every video once.")


def _tags(tags: Sequence[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for tag in tags:
        line = within("tag", one_line(tag), TAG_LIMIT)
        if line:
            kept.setdefault(line.casefold(), line)
    if len(kept) > TAGS_LIMIT:
        raise InputError(f"There are {len(kept)} tags; a video has at most {TAGS_LIMIT}.")
    return tuple(kept.values())
