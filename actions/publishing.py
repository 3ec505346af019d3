"""Whether students may watch a video: publishing it, and hiding it again."""

from uuid import UUID

from sqlalchemy import text

from actions.videos import NOTE_CHANGE, figures_follow, unknown_video
from database.accounts import Account, may_write
from database.tenancy import tenant_tx
from rules.errors import InputError

STATE = text(
    """
    select
        status,
        is_published
    from videos
    where
        creator_id = :creator_id
        and id = :video_id
        and deleted_at is null
    for update
    """
)
SHOW = text(
    """
    update videos
    set
        is_published = :is_published,
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :video_id
        and is_published <> :is_published
    """
)


def publish_video(author: Account, creator_id: UUID, video_id: UUID) -> bool:
    """Let students watch the video; False if figures only follow within a minute. Again it changes nothing.

    Raises InputError for one that is not processed and for staff, NoSuchVideo for one that is unknown,
    deleted or another creator's.
    """
    return _shown(author, creator_id, video_id, is_published=True)


def unpublish_video(author: Account, creator_id: UUID, video_id: UUID) -> bool:
    """Hide the video from students; its figures stay, and progress is calculated over the others. As above."""
    return _shown(author, creator_id, video_id, is_published=False)


def _shown(author: Account, creator_id: UUID, video_id: UUID, *, is_published: bool) -> bool:
    may_write(author, creator_id)
    values = {"creator_id": creator_id, "video_id": video_id, "author_id": author.id, "is_published": is_published}
    with tenant_tx(creator_id) as connection:
        found = connection.execute(STATE, values).one_or_none()
        if found is None:
            raise unknown_video()
        if found.status != "completed":
            raise InputError("Only a processed video can be published; this one has no file that students can watch.")
        if connection.execute(SHOW, values).rowcount:
            connection.execute(NOTE_CHANGE, values)
    return figures_follow(creator_id)
