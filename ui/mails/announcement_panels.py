"""The parts of an announcement's page."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from actions.announcement_drafts import write_again
from actions.announcements import cancel
from database.announcements import Announcement
from database.clock import now
from database.frames import records
from mail.announcement import announcement_mail
from queries.definitions import help_for
from queries.mails.announcements import AnnouncementRow, announcement
from rules.formatting import grouped, out_of
from ui.account.viewer import Viewer
from ui.composer.opening import draft_address
from ui.composer.sentences import countdown_in_words, undone_in_words
from ui.shared.acting import acting
from ui.shared.flash import keep_message
from ui.shared.gathering import gathering
from ui.shared.links import go_to

SECONDS_BETWEEN_LOOKS = 2
UNDONE = "announcement_undone"


def progress(seen_by: Viewer, announcement_id: UUID, row: AnnouncementRow) -> None:
    """How long it can be undone, then how many emails have been sent; the creator may cancel the rest."""
    if row.waiting:
        st.fragment(_waiting, run_every=SECONDS_BETWEEN_LOOKS)(seen_by, announcement_id, [row])
    elif row.cancelled_at:
        st.info("Cancelled. Emails that were already on their way may have arrived.", icon=":material/cancel:")


def write_again_button(seen_by: Viewer, row: AnnouncementRow) -> None:
    """A new draft with the same text to the same students."""
    if seen_by.is_staff or row.waiting:
        return
    if st.button("Write again", icon=":material/edit_note:", help="A new draft with this text, to these students."):
        with acting():
            draft_id = write_again(seen_by.account, seen_by.creator_id, row.announcement_id)
            go_to(draft_address(draft_id))


def figures(row: AnnouncementRow) -> None:
    with st.grid(4, min_column_width=178):
        st.metric("Sent", f"{out_of(row.sent, row.recipients)}", border=True)
        st.metric("Came back", grouped(row.came_back), border=True, help=help_for("announcement_came_back"))
        st.metric("Skipped", grouped(row.left_out), border=True)
        st.metric("Failed or not confirmed", grouped(row.failed + row.unknown), border=True)


def said(row: AnnouncementRow, creator_name: str) -> None:
    """The email as written; placeholders and the unsubscribe link differ for each recipient."""
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
    seconds = _seconds_left(row.due_at)
    done = row.recipients - row.waiting
    local = row.due_at.astimezone(ZoneInfo(seen_by.creator.timezone))
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            st.markdown(countdown_in_words(seconds, row.waiting, local))
            if not seconds:
                st.progress(
                    done / row.recipients,
                    f"{out_of(done, row.recipients, 'email')} done, {grouped(row.waiting)} waiting",
                )
        if not seen_by.is_staff and _is_stopped(bool(seconds)):
            _undo(seen_by, row)


def _is_stopped(can_be_undone: bool) -> bool:
    if can_be_undone:
        return st.button("Undo", icon=":material/undo:", type="primary", key="cancel")
    return st.button("Cancel unsent emails", icon=":material/cancel:", key="cancel")


def _seconds_left(due_at: datetime) -> int:
    return max(0, int((due_at - now()).total_seconds()))


def _undo(seen_by: Viewer, row: AnnouncementRow) -> None:
    """Cancelled first, for every second counts; then the text is there again as a draft."""
    with acting():
        stopped = cancel(seen_by.account, seen_by.creator_id, row.announcement_id)
        draft_id = write_again(seen_by.account, seen_by.creator_id, row.announcement_id)
        keep_message(UNDONE, undone_in_words(stopped, row.recipients))
        go_to(draft_address(draft_id))
