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
    withdrawn_at: datetime | None
    mails_queued: int  # one more each time it is sent again
    student_id: UUID | None  # None: not accepted, or left
    state: str  # open, accepted, withdrawn or expired
    mail_state: str | None  # of the latest email, as in the delivery ledger
    mail_reason: str | None


def invitations(creator_id: UUID) -> Annotated[pd.DataFrame, InvitationRow]:
    """The creator's invitations, newest first; never cached."""
    return frame(creator_id, INVITATIONS, dates=["created_at", "expires_at", "accepted_at", "withdrawn_at"])
