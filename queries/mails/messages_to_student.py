"""What was written to one student, and what came of it. Never cached: it changes by the second."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame
from database.mail_addresses import address_key, deliverable
from database.statements import sql
from queries.mails.announcements import BACK_WITHIN_DAYS

SHOWN = 20  # messages

MESSAGES = sql("queries/mails/messages_to_student")


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One row per announcement, and per reason why the student's address gets none."""

    announcement_id: UUID | None
    subject: str | None
    at: datetime  # sent, or due; unsubscribed
    state: str  # as in the delivery ledger, "left out", or unsubscribed, bounced, complained
    reason: str | None  # of a student left out: a key of SKIP_REASONS
    sent_at: datetime | None
    first_active_after: datetime | None  # within 7 days
    has_come_back: bool  # and was away for 7 days before
    may_come_back: bool  # the 7 days are not over


def messages_to_student(creator_id: UUID, student_id: UUID, email: str | None) -> Annotated[pd.DataFrame, MessageRow]:
    """What was written to the student with this address, the latest 20 first; none for an id of another creator's."""
    return frame(
        creator_id,
        MESSAGES,
        dates=["at", "sent_at", "first_active_after"],
        student_id=student_id,
        about=None,
        recipient_key=address_key(deliverable(email or "") or email or ""),
        back_within_days=BACK_WITHIN_DAYS,
        limit=SHOWN,
    )
