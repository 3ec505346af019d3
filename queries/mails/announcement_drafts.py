"""Announcements that are being written. Never cached: a draft is read to be changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.frames import rows

SHOWN = 20

DRAFTS = """
    -- One row per draft, the latest change first.
    select
        id,
        subject,
        body,
        recipients,
        version,
        updated_at
    from announcement_drafts
    where
        creator_id = :creator_id
        and (cast(:draft_id as uuid) is null or id = cast(:draft_id as uuid))
    order by
        updated_at desc,
        id asc
    limit :limit
"""


@dataclass(frozen=True)
class KeptDraft:
    """A draft as it is kept; `recipients` says how they were chosen, as `actions.announcement_drafts.Draft` does."""

    id: UUID
    subject: str
    body: str
    recipients: Mapping[str, Any]
    version: int
    updated_at: datetime


def announcement_drafts(creator_id: UUID) -> list[KeptDraft]:
    """The creator's drafts, the latest 20 first."""
    return _drafts(creator_id, None)


def announcement_draft(creator_id: UUID, draft_id: UUID) -> KeptDraft | None:
    """The draft; None for an id that is not the creator's, or once it was sent or deleted."""
    return next(iter(_drafts(creator_id, draft_id)), None)


def _drafts(creator_id: UUID, draft_id: UUID | None) -> list[KeptDraft]:
    return [KeptDraft(**row) for row in rows(creator_id, DRAFTS, draft_id=draft_id, limit=SHOWN)]
