"""Announcements and their recipients, as tables."""

from typing import Any

import pandas as pd
import streamlit as st

from database.frames import records
from database.mail_addresses import readable
from queries.mails.announcement_audience import SKIP_REASONS
from queries.mails.announcements import AnnouncementRow
from rules.mail_states import BEING_SENT, CANCELLED, NEEDS_ATTENTION, RECIPIENT_STATES, SENT, WAITING
from ui.navigation import announcement_page

OPENED = "opened_announcement"


def announcements_table(rows: pd.DataFrame, timezone: str) -> None:
    """Takes the frame of `queries.mails.announcements.announcements`; a click on Open shows one."""
    table = pd.DataFrame(
        {
            "Subject": rows["subject"],
            "Open": "Open",
            "State": [announcement_state(row) for row in records(rows, AnnouncementRow)],
            "Sent or due": local(rows["due_at"], timezone),
            "To": rows["audience"],
            "Students": rows["recipients"],
            "Sent": rows["sent"],
            "Came back": rows["came_back"],
            "Skipped": rows["left_out"],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        column_config={
            "Subject": st.column_config.TextColumn(width=260),
            "Open": st.column_config.ButtonColumn("Details", key=OPENED, type="tertiary"),
            "Sent or due": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
        },
        placeholder="",
        alt="Announcements with their state and results",
    )
    clicked = st.session_state.get(OPENED)
    if clicked:
        announcement_id = rows["announcement_id"].iloc[clicked["row"]]
        st.switch_page(announcement_page(), query_params={"id": str(announcement_id)})


def recipients_table(rows: pd.DataFrame, timezone: str) -> None:
    """Takes the frame of `queries.mails.announcements.recipients`."""
    st.dataframe(
        pd.DataFrame(
            {
                "Student": rows["name"].fillna("Left the course"),
                "State": rows["state"].map(RECIPIENT_STATES),
                "Came back": rows["has_come_back"].astype(bool),
                "Sent": local(rows["sent_at"], timezone),
                "First active afterwards": local(rows["first_active_after"], timezone),
                "Email": rows["recipient"].where(rows["name"].notna(), "").fillna("").map(readable),
                "Why": [SKIP_REASONS.get(reason, reason) or "" for reason in rows["reason"]],
            }
        ),
        hide_index=True,
        column_config={
            column: st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")
            for column in ("Sent", "First active afterwards")
        },
        placeholder="",
        alt="Results of the announcement for each student",
    )


def announcement_state(row: AnnouncementRow) -> str:
    """The state in a word or two: first what may need action."""
    if row.cancelled_at:
        return CANCELLED.text
    if row.failed or row.unknown:
        return NEEDS_ATTENTION
    if row.waiting:
        return BEING_SENT.text if row.sent else WAITING.text
    return SENT.text


def local(instants: "pd.Series[Any]", timezone: str) -> "pd.Series[Any]":
    """The times in the creator's time zone; set to UTC first, because a column without any value has no zone."""
    return pd.to_datetime(instants, utc=True).dt.tz_convert(timezone).dt.tz_localize(None)
