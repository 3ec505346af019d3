"""One announcement: how far it is, who got it, who came back: the page."""

from zoneinfo import ZoneInfo

import streamlit as st

from database.frames import records
from queries.announcements import announcement, recipients
from ui.address import requested_id
from ui.announcement_panels import figures, progress, said
from ui.announcement_table import recipients_table
from ui.empty import nothing_yet
from ui.navigation import announcements_page
from ui.text import plain
from ui.viewer import viewer

seen_by = viewer()
timezone = seen_by.creator.timezone

st.page_link(announcements_page(), label="All announcements", icon=":material/arrow_back:")
announcement_id = requested_id()
found = records(announcement(seen_by.creator_id, announcement_id)) if announcement_id else []
if not announcement_id or not found:
    st.title("Announcement")
    nothing_yet("There is no such announcement.", "Look for it among all announcements.")
    st.stop()

row = found[0]
st.title(plain(row["subject"]))
due_at = row["due_at"].astimezone(ZoneInfo(timezone))
st.caption(f"To: {plain(row['audience'])} · due {due_at:%-d %B %Y, %H:%M} ({timezone.replace('_', ' ')})")
progress(seen_by, announcement_id)
figures(row)
with st.container(border=True):
    st.header("Students")
    recipients_table(recipients(seen_by.creator_id, announcement_id), timezone)
said(row, seen_by.creator.name)
