"""The page for writing to students: recipients, text, preview, test, sending."""

import streamlit as st

from queries.overview.data_there import data_there
from ui.account.viewer import viewer
from ui.composer.other_version import other_version, versions_panel
from ui.composer.preview import preview, previewed
from ui.composer.recipients import audience_of_choice, audience_shown, recipients_choice
from ui.composer.sending import send_panel
from ui.composer.writing import FAILED, GONE, text_fields, writing, written
from ui.mails.announcement_panels import UNDONE
from ui.navigation import announcements_page
from ui.own_data.missing import missing_note
from ui.shared.flash import show_message
from ui.shared.gathering import gathering

seen_by = viewer()

st.page_link(announcements_page(), label="All announcements", icon=":material/arrow_back:")
st.title("Write to students")
if seen_by.is_staff:
    st.info("Read-only for staff: only the creator can write to students.", icon=":material/lock:")
    st.stop()

messages = st.container()
with gathering():
    now_writing = writing(seen_by)
    place = st.container(border=True)
    with place:
        st.header("Recipients")
        whom = recipients_choice(now_writing)
    chosen = audience_of_choice(seen_by.creator_id, whom)
    shown = previewed(seen_by.creator_id, chosen)
    other = other_version(seen_by.creator_id, now_writing)
    there = data_there(seen_by.creator_id)

with messages:
    missing_note(there)
    show_message(UNDONE)
    show_message(GONE, "info", ":material/info:")
    show_message(FAILED, "info", ":material/info:")
with place:
    audience_shown(whom, chosen)
versions_panel(seen_by, whom, other)
with st.grid(2, min_column_width=340):
    with st.container(border=True, height="stretch"):
        st.header("Message")
        text_fields(seen_by, whom.kept)
    with st.container(border=True, height="stretch"):
        st.header("Preview")
        preview(shown, written(), seen_by.creator.name)

with st.container(border=True):
    st.header("Send")
    send_panel(seen_by, whom, chosen, shown)
