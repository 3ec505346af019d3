"""The page for writing an announcement."""

from dataclasses import replace

import streamlit as st

from rules.formatting import grouped
from ui.account.viewer import viewer
from ui.mails.announcement_form import preview, recipients_preview, send_form, text_fields
from ui.mails.announcing import chosen_students, filters_in_words
from ui.navigation import announcements_page
from ui.students.filters import student_filters

seen_by = viewer()

st.page_link(announcements_page(), label="All announcements", icon=":material/arrow_back:")
st.title("Write an announcement")
if seen_by.is_staff:
    st.info("Read-only for staff: only the creator can write to students.", icon=":material/lock:")
    st.stop()

with st.container(border=True):
    st.header("Recipients")
    named = chosen_students()
    if named:
        st.write(f"To the **{grouped(len(named))}** students you selected.")
        how_chosen, chosen = "Chosen one by one", recipients_preview(seen_by.creator_id, named)
    else:
        filters = replace(student_filters(), offset=0)
        how_chosen, chosen = filters_in_words(filters), recipients_preview(seen_by.creator_id, filters)

with st.grid(2, min_column_width=340):
    with st.container(border=True, height="stretch"):
        st.header("Message")
        subject, body = text_fields()
    with st.container(border=True, height="stretch"):
        st.header("Preview")
        preview(subject, body, seen_by.creator.name)

with st.container(border=True):
    st.header("Send")
    send_form(seen_by, subject, body, chosen, how_chosen)
