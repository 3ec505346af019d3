"""The page for inviting students and seeing who accepted."""

import streamlit as st

from actions.invitations import VALID_FOR
from queries.courses.known import courses
from queries.mails.invitations import invitations
from queries.overview.data_there import data_there
from ui.account.viewer import viewer
from ui.mails.invitation_buttons import invitation_buttons
from ui.mails.invitation_form import invitation_form
from ui.mails.invitation_table import invitations_table
from ui.mails.invitation_words import accepted_in_words
from ui.own_data.missing import missing_note
from ui.shared.empty import nothing_yet
from ui.shared.gathering import gathering

seen_by = viewer()
timezone = seen_by.creator.timezone

st.title("Invitations")
with gathering():
    rows = invitations(seen_by.creator_id)
    known, there = courses(seen_by.creator_id).courses, data_there(seen_by.creator_id)
missing_note(there)
if not seen_by.is_staff:
    with st.container(border=True):
        st.header("Invite students")
        invitation_form(seen_by, known)

if rows.empty:
    nothing_yet("No invitations yet.", "An invitation is an email with a link. People who accept it become students.")
    st.stop()

accepted = int((rows["state"] == "accepted").sum())
st.caption(accepted_in_words(accepted, len(rows), VALID_FOR.days))
invitations_table(rows, timezone)
if not seen_by.is_staff:
    invitation_buttons(seen_by, rows)
