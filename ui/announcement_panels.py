"""The parts of an announcement's page."""

from typing import Any
from uuid import UUID

import streamlit as st

from actions.announcements import call_off
from database.announcements import Announcement
from database.frames import records
from queries.announcements import announcement
from queries.definitions import help_for
from reports.announcement import announcement_mail
from ui.viewer import Viewer

SECONDS_BETWEEN_LOOKS = 3
CALLED_OFF = "announcement_called_off"


def progress(seen_by: Viewer, announcement_id: UUID) -> None:
    """How many mails are gone, looked at anew while some wait; the creator may call off the rest."""
    row = records(announcement(seen_by.creator_id, announcement_id))[0]
    if CALLED_OFF in st.session_state:
        st.success(st.session_state.pop(CALLED_OFF), icon=":material/check:")
    if row["waiting"]:
        st.fragment(_waiting, run_every=SECONDS_BETWEEN_LOOKS)(seen_by, announcement_id)
    elif row["cancelled_at"] == row["cancelled_at"] and row["cancelled_at"] is not None:
        st.info("Called off. Mails that were on their way already may have arrived.", icon=":material/cancel:")


def figures(row: dict[str, Any]) -> None:
    """Takes a row of `queries.announcements.announcement`."""
    with st.grid(4, min_column_width=178):
        st.metric("Sent", f"{row['sent']:,} of {row['recipients']:,}", border=True)
        st.metric("Came back", f"{row['came_back']:,}", border=True, help=help_for("announcement_came_back"))
        st.metric("Left out", f"{row['left_out']:,}", border=True)
        st.metric("Failed or unclear", f"{row['failed'] + row['unknown']:,}", border=True)


def said(row: dict[str, Any], creator_name: str) -> None:
    """The mail as it arrives; the unsubscribe link is each recipient's own."""
    with st.container(border=True):
        st.header("What it says")
        st.html(announcement_mail(Announcement(row["subject"], row["body"]), creator_name).html)


def _waiting(seen_by: Viewer, announcement_id: UUID) -> None:
    row = records(announcement(seen_by.creator_id, announcement_id))[0]
    if not row["waiting"]:
        st.rerun()
    done = row["recipients"] - row["waiting"]
    st.progress(done / row["recipients"], f"{done:,} of {row['recipients']:,} mails are done, {row['waiting']:,} wait")
    if not seen_by.is_staff and st.button("Call off what is not sent yet", icon=":material/cancel:", key="call_off"):
        called_off = call_off(seen_by.account, seen_by.creator_id, announcement_id)
        st.session_state[CALLED_OFF] = f"{called_off:,} {'mail' if called_off == 1 else 'mails'} will not be sent."
        st.rerun()
