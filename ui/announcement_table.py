"""Announcements and their recipients, as tables."""

from typing import Any

import pandas as pd
import streamlit as st

from database.frames import records
from queries.announcement_audience import SKIP_REASONS
from ui.navigation import announcement_page

OPENED = "opened_announcement"
STATES = {
    "pending": "waits",
    "claimed": "being sent",
    "sending": "being sent",
    "sent": "sent",
    "failed": "failed",
    "unknown": "may have arrived",
    "skipped": "not sent",
    "cancelled": "called off",
    "left out": "left out",
}


def announcements_table(rows: pd.DataFrame, timezone: str) -> None:
    """Takes the frame of `queries.announcements.announcements`; a click on Open shows one."""
    table = pd.DataFrame(
        {
            "Subject": rows["subject"],
            "Open": "Open",
            "State": [announcement_state(row) for row in records(rows)],
            "Sent or due": local(rows["due_at"], timezone),
            "To": rows["audience"],
            "Students": rows["recipients"],
            "Sent": rows["sent"],
            "Came back": rows["came_back"],
            "Left out": rows["left_out"],
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
        alt="Announcements with their state and what became of them",
    )
    clicked = st.session_state.get(OPENED)
    if clicked:
        announcement_id = rows["announcement_id"].iloc[clicked["row"]]
        st.switch_page(announcement_page(), query_params={"id": str(announcement_id)})


def recipients_table(rows: pd.DataFrame, timezone: str) -> None:
    """Takes the frame of `queries.announcements.recipients`."""
    st.dataframe(
        pd.DataFrame(
            {
                "Student": rows["name"].fillna("Left the course"),
                "State": rows["state"].map(STATES),
                "Came back": rows["has_come_back"].astype(bool),
                "Sent": local(rows["sent_at"], timezone),
                "First seen after it": local(rows["first_active_after"], timezone),
                "E-mail": rows["recipient"].where(rows["name"].notna()),
                "Why": [SKIP_REASONS.get(reason, reason) for reason in rows["reason"]],
            }
        ),
        hide_index=True,
        column_config={
            column: st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")
            for column in ("Sent", "First seen after it")
        },
        alt="What became of the announcement for each student",
    )


def announcement_state(row: dict[str, Any]) -> str:
    """In a word or two, what the creator may want to act on first."""
    if not pd.isna(row["cancelled_at"]):
        return "Called off"
    if row["failed"] or row["unknown"]:
        return "Needs a look"
    if row["waiting"]:
        return "On its way" if row["sent"] else "Waits"
    return "Sent"


def local(instants: "pd.Series[Any]", timezone: str) -> "pd.Series[Any]":
    """The creator's clock; told to be UTC first, because a column without any instant has no zone."""
    return pd.to_datetime(instants, utc=True).dt.tz_convert(timezone).dt.tz_localize(None)
