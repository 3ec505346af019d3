"""Announcements: their delivery, and who came back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame
from database.statements import sql

BACK_WITHIN_DAYS = 7

ANNOUNCEMENTS = sql("queries/mails/announcements")
RECIPIENTS = sql("queries/mails/recipients")

DATES = ["created_at", "due_at", "cancelled_at"]


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """One row per student whom an announcement was for."""

    student_id: UUID | None  # None: deleted for good
    recipient: str | None  # None: left out
    state: str  # as in the delivery ledger, or "left out"
    reason: str | None
    sent_at: datetime | None
    first_active_after: datetime | None  # within 7 days
    has_come_back: bool
    name: str | None  # None: left the course


@dataclass(frozen=True, slots=True)
class AnnouncementRow:
    """One row per announcement; counts are of emails, but for `left_out`."""

    announcement_id: UUID
    subject: str
    body: str
    audience: str  # in words
    created_at: datetime
    due_at: datetime
    cancelled_at: datetime | None
    recipients: int
    sent: int
    waiting: int
    failed: int
    unknown: int
    not_sent: int
    came_back: int
    left_out: int  # students


def announcements(creator_id: UUID) -> Annotated[pd.DataFrame, AnnouncementRow]:
    """The creator's announcements, newest first; never cached, so that progress shows."""
    return _announcements(creator_id, None)


def announcement(creator_id: UUID, announcement_id: UUID) -> Annotated[pd.DataFrame, AnnouncementRow]:
    """The announcement as one row; no row for an id that is not the creator's."""
    return _announcements(creator_id, announcement_id)


def recipients(creator_id: UUID, announcement_id: UUID) -> Annotated[pd.DataFrame, RecipientRow]:
    """Results of the announcement for each student; those that need attention first, then those who came back."""
    return frame(
        creator_id,
        RECIPIENTS,
        dates=["sent_at", "first_active_after"],
        about=str(announcement_id),
        back_within_days=BACK_WITHIN_DAYS,
    )


def _announcements(creator_id: UUID, announcement_id: UUID | None) -> pd.DataFrame:
    asked = {"announcement_id": announcement_id, "about": None, "back_within_days": BACK_WITHIN_DAYS}
    return frame(creator_id, ANNOUNCEMENTS, dates=DATES, **asked)
