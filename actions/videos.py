"""Changes to the library: editing, ordering and deleting videos."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from actions.written import lines, one_line, within
from database.accounts import Account, may_write
from database.refresh import refresh_now
from database.tenancy import tenant_tx
from rules.edits import merged_fields, unchecked
from rules.errors import InputError
from rules.transcripts import times_after_edit

DIFFICULTIES = ("beginner", "intermediate", "advanced")
TITLE_LIMIT, CATEGORY_LIMIT, TAG_LIMIT = 200, 80, 40  # characters
DESCRIPTION_LIMIT, TRANSCRIPT_LIMIT = 5_000, 500_000  # characters
TAGS_LIMIT = 20

# Charts over time mark the day (`queries.periods.markers`).
NOTE_CHANGE = text(
    """
    insert into audit_log (creator_id, user_id, action, detail)
    values (:creator_id, :author_id, 'video.changed', jsonb_build_object('video_id', cast(:video_id as text)))
    """
)
SAVED = text(
    """
    select
        title,
        description,
        category,
        tags,
        difficulty_level,
        transcript
    from videos
    where
        creator_id = :creator_id
        and id = :video_id
        and deleted_at is null
    for update
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
        transcript_times = cast(:transcript_times as jsonb),
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :video_id
        and deleted_at is null
    """
)
TIMED = text(
    """
    select
        transcript,
        transcript_times::text as transcript_times
    from videos
    where
        creator_id = :creator_id
        and id = :video_id
        and deleted_at is null
    for update
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
COURSE = text("select id from courses where creator_id = :creator_id and id = :course_id for share")
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
    """The editable details of a video. Raises InputError, naming what is invalid.

    Texts lose characters the database cannot store; titles, categories and tags are one line; tags that
    only differ in case are one tag.
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


def update_video(
    author: Account, creator_id: UUID, video_id: UUID, updates: VideoUpdates, opened: VideoUpdates | None = None
) -> bool:
    """Edit the details of a video; False if they only show within a minute, because a refresh is running.

    With what the edit was `opened` with, only its own changes are written, and what others have saved since stays.
    Raises EditConflict where both changed the same; NoSuchVideo for one that is unknown, deleted or another
    creator's; and InputError for staff.
    """
    may_write(author, creator_id)
    one = {"creator_id": creator_id, "video_id": video_id}
    with tenant_tx(creator_id) as connection:
        if opened is not None:
            updates = merged_fields(opened, _saved(connection, one), updates)
        times = _times_after(connection, one, updates.transcript)
        values = asdict(updates) | one | {"tags": list(updates.tags), "transcript_times": times}
        _must_be_one(connection.execute(UPDATE, values).rowcount)
        connection.execute(NOTE_CHANGE, {"creator_id": creator_id, "author_id": author.id, "video_id": video_id})
    return figures_follow(creator_id)


def delete_video(author: Account, creator_id: UUID, video_id: UUID) -> bool:
    """Delete a video from the course and from all figures; rows and file stay.

    False if the figures only follow within a minute. Raises NoSuchVideo for one that is
    unknown, deleted already or another creator's, and InputError for staff.
    """
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        _must_be_one(connection.execute(DELETE, {"creator_id": creator_id, "video_id": video_id}).rowcount)
    return figures_follow(creator_id)


def reorder_videos(author: Account, creator_id: UUID, video_ids: Sequence[UUID]) -> bool:
    """Give the videos the positions 1 to n, in the order of the ids, which must be all of the creator's.

    False if the order only shows within a minute. Raises InputError for an id that is missing,
    there twice, deleted, unknown or another creator's, and for staff; no position changes then.
    """
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        live = set(connection.execute(LIVE_VIDEOS, {"creator_id": creator_id}).scalars())
        _must_be_exactly(live, video_ids)
        connection.execute(REORDER, {"creator_id": creator_id, "video_ids": list(video_ids)})
    return figures_follow(creator_id)


def stored_details(**details: Any) -> VideoUpdates:
    """The details of a video as they are stored, to compare an edit with."""
    return unchecked(VideoUpdates, **details | {"tags": tuple(details["tags"])})


def figures_follow(creator_id: UUID) -> bool:
    """Refresh immediately; the change is committed, and a busy or slow refresh is repeated within a minute."""
    try:
        return refresh_now(creator_id)
    except OperationalError:
        return False


def must_be_a_course(connection: Connection, creator_id: UUID, course_id: UUID) -> None:
    """Raise InputError unless the creator has this course; it stays until the transaction ends."""
    if connection.execute(COURSE, {"creator_id": creator_id, "course_id": course_id}).one_or_none() is None:
        raise InputError(f"The course {course_id} does not exist; reload the page and choose another one.")


def video_title(title: str) -> str:
    """The title on one line. Raises InputError if it is empty or too long."""
    kept = within("title", one_line(title), TITLE_LIMIT)
    if not kept:
        raise InputError("The title is empty; enter a title for the video.")
    return kept


def _saved(connection: Connection, one: dict[str, UUID]) -> VideoUpdates:
    row = connection.execute(SAVED, one).mappings().one_or_none()
    if row is None:
        raise unknown_video()
    return stored_details(**row)


def _times_after(connection: Connection, one: dict[str, UUID], transcript: str | None) -> str | None:
    """The times of the lines of the transcript, as those of the stored one say."""
    row = connection.execute(TIMED, one).one_or_none()
    return times_after_edit(row.transcript, row.transcript_times, transcript) if row else None


def _must_be_one(changed: int) -> None:
    if changed != 1:
        raise unknown_video()


def unknown_video() -> NoSuchVideo:
    return NoSuchVideo("This video does not exist; it may have been deleted. Reload the page.")


def _must_be_exactly(live: set[UUID], video_ids: Sequence[UUID]) -> None:
    twice = [video_id for video_id, count in Counter(video_ids).items() if count > 1]
    if twice:
        raise InputError(f"{len(twice)} videos appear twice in the order, for example {twice[0]}; name each once.")
    unknown = [video_id for video_id in video_ids if video_id not in live]
    if unknown:
        raise InputError(f"The video {unknown[0]} does not exist; it may have been deleted. Reload the page.")
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
