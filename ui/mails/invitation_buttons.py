"""What can be done with invitations that nobody accepted."""

from uuid import UUID

import pandas as pd
import streamlit as st

from actions.invitation_changes import invite_again, withdraw
from database.frames import records
from database.mail_addresses import readable
from queries.mails.invitations import InvitationRow
from rules.errors import InputError
from ui.account.viewer import Viewer
from ui.mails.invitation_form import DONE
from ui.mails.invitation_words import INVITATION_STATES
from ui.shared.flash import keep_message, show_message
from ui.shared.text import plain

CHOSEN, REFUSED = "chosen_invitation", "invitation_refused"


def invitation_buttons(seen_by: Viewer, rows: pd.DataFrame) -> None:
    """Send one of the invitations again, or withdraw it; accepted ones cannot be chosen."""
    show_message(REFUSED, "error", ":material/error:")
    waiting = {row.invitation_id: row for row in records(rows, InvitationRow) if row.state != "accepted"}
    if not waiting:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen: UUID | None = st.selectbox(
            "Invitation",
            list(waiting),
            index=None,
            format_func=lambda one: _label(waiting.get(one)),
            placeholder="Choose an address",
            key=CHOSEN,
            width=340,
        )
        row = waiting.get(chosen) if chosen else None
        st.button("Send again", key="invite_again", disabled=row is None, on_click=_again, args=(seen_by, row))
        st.button(
            "Withdraw",
            key="withdraw_invitation",
            disabled=row is None or row.state != "open",
            help="The link in the email no longer works.",
            on_click=_withdraw,
            args=(seen_by, row),
        )


def _label(row: InvitationRow | None) -> str:
    return f"{readable(row.email)} ({INVITATION_STATES[row.state].lower()})" if row else ""


def _again(seen_by: Viewer, row: InvitationRow) -> None:
    try:
        zone = seen_by.creator.timezone
        invite_again(seen_by.account, seen_by.creator_id, row.invitation_id, row.mails_queued, zone)
        keep_message(DONE, f"The invitation to {plain(readable(row.email))} is on the way again.")
    except InputError as error:
        keep_message(REFUSED, str(error))


def _withdraw(seen_by: Viewer, row: InvitationRow) -> None:
    try:
        withdraw(seen_by.account, seen_by.creator_id, row.invitation_id)
        keep_message(DONE, f"The invitation to {plain(readable(row.email))} was withdrawn; its link no longer works.")
    except InputError as error:
        keep_message(REFUSED, str(error))
