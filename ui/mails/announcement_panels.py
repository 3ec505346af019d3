"""The parts of an announcement's page."""

from uuid import UUID

import streamlit as st

from actions.announcements import cancel
from database.announcements import Announcement
from database.frames import records
from mail.announcement import announcement_mail
from queries.definitions import help_for
from queries.mails.announcements import AnnouncementRow, announcement
from rules.formatting import counted, grouped, out_of
from ui.account.viewer import Viewer
from ui.shared.flash import keep_message, show_message
from ui.shared.gathering import gathering

SECONDS_BETWEEN_LOOKS = 3
CANCELLED = "announcement_cancelled"


def progress(seen_by: Viewer, announcement_id: UUID, row: AnnouncementRow) -> None:
    """How many emails have been sent, updated while some are waiting; the creator may cancel the rest."""
    show_message(CANCELLED)
    if row.waiting:
        st.fragment(_waiting, run_every=SECONDS_BETWEEN_LOOKS)(seen_by, announcement_id, [row])
    elif row.cancelled_at:
        st.info("Cancelled. Emails that were already on their way may have arrived.", icon=":material/cancel:")


def figures(row: AnnouncementRow) -> None:
    with st.grid(4, min_column_width=178):
        st.metric("Sent", f"{out_of(row.sent, row.recipients)}", border=True)
        st.metric("Came back", grouped(row.came_back), border=True, help=help_for("announcement_came_back"))
        st.metric("Skipped", grouped(row.left_out), border=True)
        st.metric("Failed or not confirmed", grouped(row.failed + row.unknown), border=True)


def said(row: AnnouncementRow, creator_name: str) -> None:
    """The email as sent; the unsubscribe link differs for each recipient."""
    with st.container(border=True):
        st.header("Message")
        st.html(announcement_mail(Announcement(row.subject, row.body), creator_name).html)


def _waiting(seen_by: Viewer, announcement_id: UUID, just_read: list[AnnouncementRow]) -> None:
    """When the page runs, it shows what the page has just read; as a fragment it reads again."""
    with gathering():
        row = (
            just_read.pop()
            if just_read
            else records(announcement(seen_by.creator_id, announcement_id), AnnouncementRow)[0]
        )
    if not row.waiting:
        st.rerun()
    done = row.recipients - row.waiting
    st.progress(
        done / row.recipients,
        f"{out_of(done, row.recipients, 'email')} done, {grouped(row.waiting)} waiting",
    )
    if not seen_by.is_staff and st.button("Cancel unsent emails", icon=":material/cancel:", key="cancel"):
        cancelled = cancel(seen_by.account, seen_by.creator_id, announcement_id)
        keep_message(CANCELLED, f"{counted(cancelled, 'email')} will not be sent.")
        st.rerun()
