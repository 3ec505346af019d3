"""The message and author of an announcement, for rendering its emails."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.frames import frame, records

TEXT = """
    -- One row, or none for an id that is not the creator's.
    select
        subject,
        body,
        author_id,
        cancelled_at
    from announcements
    where
        creator_id = :creator_id
        and id = :announcement_id
"""


@dataclass(frozen=True)
class AnnouncementText:
    subject: str
    body: str
    author_id: UUID | None
    cancelled_at: datetime | None


def announcement_text(creator_id: UUID, announcement_id: UUID) -> AnnouncementText | None:
    """The announcement as written; never cached."""
    return next(iter(records(frame(creator_id, TEXT, announcement_id=announcement_id), AnnouncementText)), None)
