"""The invitations, as a table."""

import pandas as pd
import streamlit as st

from database.mail_addresses import readable
from rules.mail_states import RECIPIENT_STATES
from ui.mails.announcement_table import local
from ui.mails.invitation_words import INVITATION_STATES


def invitations_table(rows: pd.DataFrame, timezone: str) -> None:
    """Takes the frame of `queries.mails.invitations.invitations`."""
    day = st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")
    st.dataframe(
        pd.DataFrame(
            {
                "Email": rows["email"].map(readable),
                "State": rows["state"].map(INVITATION_STATES),
                "Mail": rows["mail_state"].map(RECIPIENT_STATES).fillna(""),
                "Why": rows["mail_reason"].fillna(""),
                "Invited": local(rows["created_at"], timezone),
                "Accepted": local(rows["accepted_at"], timezone),
                "Expires": local(rows["expires_at"], timezone),
            }
        ),
        hide_index=True,
        column_config={"Invited": day, "Accepted": day, "Expires": day},
        placeholder="",
        alt="Invitations and whether they were accepted",
    )
