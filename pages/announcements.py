"""The page of all announcements and their results."""

import streamlit as st

from queries.definitions import help_for
from queries.mails.announcement_drafts import announcement_drafts
from queries.mails.announcements import announcements
from queries.overview.data_there import data_there
from ui.account.viewer import viewer
from ui.mails.announcement_table import announcements_table
from ui.mails.drafts_list import drafts_list
from ui.navigation import announce_page
from ui.own_data.missing import missing_note
from ui.shared.empty import nothing_yet
from ui.shared.gathering import gathering

seen_by = viewer()

st.title("Announcements", help=help_for("announcement_came_back"))
if not seen_by.is_staff:
    st.page_link(announce_page(), label="Write to students", icon=":material/edit_note:")
with gathering():
    rows = announcements(seen_by.creator_id)
    there = data_there(seen_by.creator_id)
    drafts = [] if seen_by.is_staff else announcement_drafts(seen_by.creator_id)
missing_note(there)
drafts_list(seen_by, drafts)
if rows.empty:
    nothing_yet(
        "No announcements yet.",
        "Write to all students, or select some on the Students page, such as those at risk.",
    )
    st.stop()
announcements_table(rows, seen_by.creator.timezone)
