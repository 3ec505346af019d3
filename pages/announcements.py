"""All announcements and what became of them: the page."""

import streamlit as st

from queries.announcements import announcements
from queries.definitions import help_for
from ui.announcement_table import announcements_table
from ui.empty import nothing_yet
from ui.navigation import announce_page
from ui.viewer import viewer

seen_by = viewer()

st.title("Announcements", help=help_for("announcement_came_back"))
if not seen_by.is_staff:
    st.page_link(announce_page(), label="Write an announcement", icon=":material/edit_note:")
rows = announcements(seen_by.creator_id)
if rows.empty:
    nothing_yet(
        "No announcement yet.",
        "Write to all your students, or choose some on the page of students: those at risk, say.",
    )
    st.stop()
announcements_table(rows, seen_by.creator.timezone)
