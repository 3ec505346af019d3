"""A mail to some of the students: the page."""

import streamlit as st

from queries.announcement_audience import student_ids_of
from ui.announcement_form import preview, recipients_preview, send_form, text_fields
from ui.announcing import chosen_students, filters_in_words
from ui.empty import nothing_yet
from ui.navigation import announcements_page
from ui.student_filters import student_filters
from ui.viewer import viewer

seen_by = viewer()

st.page_link(announcements_page(), label="All announcements", icon=":material/arrow_back:")
st.title("Write an announcement")
if seen_by.is_staff:
    st.info("Only the creator writes to their students.", icon=":material/lock:")
    st.stop()

with st.container(border=True):
    st.header("To whom")
    named = chosen_students()
    if named:
        st.write(f"To the **{len(named):,}** students that you selected.")
        student_ids, how_chosen = named, "Chosen one by one"
    else:
        filters = student_filters()
        student_ids, how_chosen = student_ids_of(seen_by.creator_id, filters), filters_in_words(filters)
    if not student_ids:
        nothing_yet("No student fits.", "Choose other filters, or invite students first.")
        st.stop()
    chosen = recipients_preview(seen_by.creator_id, student_ids)

with st.grid(2, min_column_width=340):
    with st.container(border=True, height="stretch"):
        st.header("Your text")
        subject, body = text_fields()
    with st.container(border=True, height="stretch"):
        st.header("As it will arrive")
        preview(subject, body, seen_by.creator.name)

with st.container(border=True):
    st.header("Send")
    send_form(seen_by, subject, body, chosen, how_chosen)
