"""The weekly digest on the spot, to oneself."""

import streamlit as st

from actions.trial_mails import send_digest_trial
from database.clock import now
from mail.digest.week import last_full_week
from rules.errors import InputError
from ui.account.viewer import Viewer
from ui.shared.flash import keep_message, show_message
from ui.shared.text import plain

SENT, REFUSED = "digest_sent_now", "digest_not_sent_now"


def digest_now(seen_by: Viewer) -> None:
    """A button that emails the digest of the last full week to the account's own address."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        week = last_full_week(now(), seen_by.creator.timezone)
        st.markdown(
            f"**Weekly digest**  \nSee what it says: the week {week.label}, as an email to yourself.", width="stretch"
        )
        st.button("Send me one now", icon=":material/outgoing_mail:", key="digest_now", on_click=_send, args=(seen_by,))
    show_message(SENT, icon=":material/outgoing_mail:")
    show_message(REFUSED, "error", ":material/error:")


def _send(seen_by: Viewer) -> None:
    week = last_full_week(now(), seen_by.creator.timezone)
    try:
        address = send_digest_trial(seen_by.account, seen_by.creator_id, week.monday)
    except InputError as error:
        keep_message(REFUSED, str(error))
    else:
        keep_message(
            SENT,
            f"A digest is on its way to {plain(address)}; it takes about a minute. The email log shows its state.",
        )
