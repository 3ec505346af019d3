"""What was written to a student, and what came of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from database.frames import records
from queries.definitions import help_for
from queries.mails.announcement_audience import SKIP_REASONS
from queries.mails.announcements import BACK_WITHIN_DAYS
from queries.mails.messages_to_student import MessageRow
from rules.formatting import counted, dated, timed
from rules.mail_states import MAIL_STATES
from rules.sentences import sentence
from ui.shared.links import announcement_link, show_link
from ui.shared.text import plain

WAITING = ("pending", "claimed", "sending")
NO_MAIL = {
    "unsubscribed": "They unsubscribed from announcements",
    "bounced": "An email to their address bounced",
    "complained": "They reported an email as spam",
}


def messages_panel(messages: pd.DataFrame, timezone: str) -> None:
    """Takes the frame of `queries.mails.messages_to_student.messages_to_student`; nothing for a student without any."""
    if messages.empty:
        return
    with st.container(border=True):
        st.header("Messages", help=help_for("announcement_came_back"))
        for row in records(messages, MessageRow):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                _subject(row)
                st.markdown(message_in_words(row, timezone))


@sentence
def message_in_words(row: MessageRow, timezone: str) -> str:
    """What became of one message: sent or not, and whether the student was active in the 7 days after it."""
    at = row.at.astimezone(ZoneInfo(timezone))
    if row.state in NO_MAIL:
        return f"{NO_MAIL[row.state]} on {dated(at)}: announcements skip them."
    if row.state == "left out":
        return f"Skipped: {SKIP_REASONS[row.reason or 'no_address']}"
    if row.state in WAITING:
        return f"Waits: due {timed(at)}"
    if row.state == "sent":
        return f"Sent {timed(at)} · {_what_came(row, ZoneInfo(timezone))}"
    return f"{MAIL_STATES[row.state].text}{f': {plain(row.reason)}' if row.reason else ''}"


def _subject(row: MessageRow) -> None:
    if row.announcement_id is None:
        st.markdown(":orange-badge[:material/unsubscribe: No email]", width="content")
        return
    show_link(announcement_link(row.announcement_id), plain(row.subject or ""), ":material/mail:")


def _what_came(row: MessageRow, zone: ZoneInfo) -> str:
    days = counted(BACK_WITHIN_DAYS, "day")
    if row.first_active_after is None:
        return "no activity since" if row.may_come_back else f"no activity in the {days} after it"
    first = timed(row.first_active_after.astimezone(zone))
    return f"came back {first}" if row.has_come_back else f"active afterwards {first}"
