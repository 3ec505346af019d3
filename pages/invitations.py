"""Invite students, and see who accepted: the page."""

import pandas as pd
import streamlit as st

from queries.invitations import invitations
from ui.announcement_table import STATES, local
from ui.empty import nothing_yet
from ui.invitation_form import invitation_form
from ui.viewer import viewer

LABELS = {"open": "Not answered yet", "accepted": "Accepted", "expired": "Run out"}

seen_by = viewer()
timezone = seen_by.creator.timezone

st.title("Invitations")
if not seen_by.is_staff:
    with st.container(border=True):
        st.header("Invite students")
        invitation_form(seen_by)

rows = invitations(seen_by.creator_id)
if rows.empty:
    nothing_yet("Nobody is invited yet.", "An invitation is a mail with a link; whoever accepts becomes your student.")
    st.stop()

accepted = int((rows["state"] == "accepted").sum())
st.caption(f"{accepted:,} of {len(rows):,} accepted. A link works for 30 days; after that you can invite again.")
day = st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")
st.dataframe(
    pd.DataFrame(
        {
            "E-mail": rows["email"],
            "State": rows["state"].map(LABELS),
            "Mail": rows["mail_state"].map(STATES),
            "Invited": local(rows["created_at"], timezone),
            "Accepted": local(rows["accepted_at"], timezone),
            "Runs out": local(rows["expires_at"], timezone),
        }
    ),
    hide_index=True,
    column_config={"Invited": day, "Accepted": day, "Runs out": day},
    alt="Invitations and whether they were accepted",
)
