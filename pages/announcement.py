"""The page of one announcement: its progress, its recipients, who came back."""

from zoneinfo import ZoneInfo

import streamlit as st

from database.frames import records
from queries.mails.announcements import AnnouncementRow, announcement, recipients
from rules.formatting import timed_in_full
from ui.account.viewer import viewer
from ui.composer.editing import edit_panel
from ui.mails.announcement_panels import figures, progress, said, write_again_button
from ui.mails.announcement_table import recipients_table
from ui.navigation import announcements_page
from ui.shared.address import requested_id
from ui.shared.empty import nothing_yet
from ui.shared.gathering import gathering
from ui.shared.text import plain

seen_by = viewer()
timezone = seen_by.creator.timezone

st.page_link(announcements_page(), label="All announcements", icon=":material/arrow_back:")
announcement_id = requested_id()
with gathering():
    found = records(announcement(seen_by.creator_id, announcement_id), AnnouncementRow) if announcement_id else []
    reached = recipients(seen_by.creator_id, announcement_id) if announcement_id and found else None
if announcement_id is None or reached is None:
    st.title("Announcement")
    nothing_yet("Announcement not found.", "Look for it under All announcements.")
    st.stop()

row = found[0]
st.title(plain(row.subject))
due_at = row.due_at.astimezone(ZoneInfo(timezone))
st.caption(f"To: {plain(row.audience)} · due {timed_in_full(due_at)} ({timezone.replace('_', ' ')})")
progress(seen_by, announcement_id, row)
edit_panel(seen_by, row)
figures(row)
with st.container(border=True):
    st.header("Students")
    recipients_table(reached, timezone)
said(row, seen_by.creator.name)
write_again_button(seen_by, row)
