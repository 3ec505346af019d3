"""Students as a table, each row with a link to the profile."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from queries.students.tiers import TIER_LABELS
from ui.navigation import student_page
from ui.students.tiers import tier_column

OPENED = "opened_row"


def student_table(students: pd.DataFrame, timezone: str) -> list[UUID]:
    """Takes `queries.students.lists.students`; a click on Open shows the profile. Returns the ids of selected rows."""
    table = pd.DataFrame(
        {
            "Student": students["name"],
            "Open": "Open",
            "Tier": [[TIER_LABELS[tier].text] for tier in students["engagement_tier"]],
            "Progress": students["progress_percent"],
            "Last active": _local(students["last_active"], timezone),
            "Videos": students["videos_watched"],
            "Quizzes passed": students["quizzes_passed"],
            "Questions": students["questions_asked"],
            "XP": students["xp_points"],
            "Email": students["email"],
        }
    )
    chosen = st.dataframe(
        table,
        on_select="rerun",
        selection_mode="multi-row",
        hide_index=True,
        height="content",
        column_config={
            "Student": st.column_config.TextColumn(width=160),
            "Open": st.column_config.ButtonColumn("Profile", key=OPENED, type="tertiary"),
            "Tier": tier_column(),
            "Progress": st.column_config.ProgressColumn(min_value=0, max_value=100, format="%d%%"),
            "Last active": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
        },
        alt="Students with tier, progress and last activity",
    )
    clicked = st.session_state.get(OPENED)
    if clicked:
        student_id = students["student_id"].iloc[clicked["row"]]
        st.switch_page(student_page(), query_params={"id": str(student_id)})
    return [students["student_id"].iloc[row] for row in chosen["selection"]["rows"] if row < len(students)]


def _local(instants: pd.Series[Any], timezone: str) -> pd.Series[Any]:
    """The times in the creator's time zone; set to UTC first, because a column without any value has no zone."""
    return pd.to_datetime(instants, utc=True).dt.tz_convert(timezone).dt.tz_localize(None)
