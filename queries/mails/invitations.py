"""Who was invited, and who accepted."""

from uuid import UUID

import pandas as pd

from database.frames import frame
from database.statements import sql

INVITATIONS = sql("queries/mails/invitations")


def invitations(creator_id: UUID) -> pd.DataFrame:
    """The creator's invitations, newest first; never cached.

    One row per invitation: invitation_id, email, created_at, expires_at, accepted_at, student_id (None: not
    accepted, or left), state (open, accepted, expired), mail_state (as in the delivery ledger).
    """
    return frame(creator_id, INVITATIONS, dates=["created_at", "expires_at", "accepted_at"])
