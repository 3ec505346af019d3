"""Who was invited, and who accepted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame
from database.statements import sql

INVITATIONS = sql("queries/mails/invitations")


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One row per invitation."""

    invitation_id: UUID
    email: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    student_id: UUID | None  # None: not accepted, or left
    state: str  # open, accepted or expired
    mail_state: str | None  # as in the delivery ledger


def invitations(creator_id: UUID) -> Annotated[pd.DataFrame, InvitationRow]:
    """The creator's invitations, newest first; never cached."""
    return frame(creator_id, INVITATIONS, dates=["created_at", "expires_at", "accepted_at"])
