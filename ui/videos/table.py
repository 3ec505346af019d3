"""Videos as a table, each row with a link to the video's page and, for its creator, a button to edit it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from queries.definitions import help_for
from queries.videos.one_video import completion_band
from rules.formatting import timestamp, whole_rate
from ui.navigation import video_page
from ui.videos.dialogs import ask_to_edit
from ui.videos.filters import STATUS_LABELS

OPENED, EDITED = "opened_video", "edited_video"


def video_table(videos: pd.DataFrame, course_names: dict[UUID, str], *, can_change: bool) -> None:
    """Takes `queries.videos.lists.videos` and `courses_of_contents`; `clicks_followed` does what its button says."""
    table = _cells(videos)
    if course_names:
        table.insert(3, "Course", videos["video_id"].map(course_names))
    buttons = {"Open": OPENED, "Edit": EDITED} if can_change else {"Open": OPENED}
    for place, name in enumerate(buttons, start=2):  # on a phone the title, the completion and Open fit
        table.insert(place, name, name)
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        column_config=_columns() | {name: _button(name, key) for name, key in buttons.items()},
        placeholder="-",
        alt="Videos with completion, viewers, views, status and category",
    )


def clicks_followed(videos: pd.DataFrame) -> None:
    """Handle a click on a row's button before anything is drawn. A click lasts for one run."""
    opened, edited = st.session_state.get(OPENED), st.session_state.get(EDITED)
    if opened:
        st.switch_page(video_page(), query_params={"id": str(videos["video_id"].iloc[opened["row"]])})
    if edited:
        ask_to_edit(videos["video_id"].iloc[edited["row"]])


def _cells(videos: pd.DataFrame) -> pd.DataFrame:
    bands = [
        completion_band(rate, viewers)
        for rate, viewers in zip(_known(videos["completion_rate_percent"]), videos["unique_viewers"], strict=True)
    ]
    return pd.DataFrame(
        {
            "Video": videos["title"],
            "Completion": [
                whole_rate(rate) if rate is not None else None for rate in _known(videos["completion_rate_percent"])
            ],
            "Verdict": [band[0].upper() + band[1:] for band in bands],
            "Viewers": videos["unique_viewers"],
            "Views": videos["views"],
            "In 7 days": videos["views_7d"],
            "Watched": videos["avg_watched_percent"].astype(float),
            "Drop-off": videos["avg_drop_off_percent"].astype(float),
            "Length": [timestamp(seconds) if seconds else None for seconds in _known(videos["duration_seconds"])],
            "Status": [STATUS_LABELS[status] for status in videos["status"]],
            "Category": videos["category"],
            "Difficulty": [level.capitalize() if level else None for level in _known(videos["difficulty_level"])],
        }
    )


def _columns() -> dict[str, Any]:
    percent = "%.0f%%"
    return {
        "Video": st.column_config.TextColumn(width=180),
        "Completion": st.column_config.ProgressColumn(
            min_value=0, max_value=100, format=percent, help=help_for("video_completion_rate"), width=110
        ),
        "Verdict": st.column_config.TextColumn(help=help_for("video_completion_band"), width=190),
        "Viewers": st.column_config.NumberColumn(format="localized", help=help_for("video_viewers")),
        "Views": st.column_config.NumberColumn(format="localized", help=help_for("video_views")),
        "In 7 days": st.column_config.NumberColumn(format="localized", help=help_for("video_views_7d")),
        "Watched": st.column_config.NumberColumn(format=percent, help=help_for("video_watched")),
        "Drop-off": st.column_config.NumberColumn(format=percent, help=help_for("video_drop_off")),
        "Length": st.column_config.TextColumn(alignment="right"),
        "Status": st.column_config.TextColumn(help=help_for("video_status")),
    }


def _button(name: str, key: str) -> Any:
    return st.column_config.ButtonColumn("", key=key, type="tertiary", width=64, help=f"{name} this video")


def _known(values: pd.Series[Any]) -> list[Any]:
    """The values, with None for missing ones."""
    return [None if pd.isna(value) else value for value in values]
