"""What to export: type, format, and the filters of the screens, all in the URL."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from database.errors import InputError
from database.frames import records
from queries.chat import videos_asked_about
from queries.periods import MONTH, PERIODS
from queries.preferences import preferences
from queries.quizzes import quizzes
from queries.videos import VideoFilters, videos
from queries.videos_library import library
from reports.exports import TYPES, ExportRequest
from ui.chat import WORDS
from ui.export_link import PERIOD, SEARCHES, take_search_from_address
from ui.export_words import CONTENTS, RATED_LABELS, STATE_LABELS, TYPE_LABELS
from ui.filters import keep_in_address, take_from_address
from ui.settings_form import FORMAT_LABELS
from ui.student_filters import student_filters
from ui.videos_filters import video_filters
from ui.viewer import Viewer

EVER = "ever"
MOST_CHOICES = 1_000
Chosen = Mapping[str, Any]


def export_form(seen_by: Viewer) -> ExportRequest | None:
    """The request as the person set it, or as the address says; None where no such export can be made."""
    preferred = preferences(seen_by.creator_id).export_format
    with st.grid(2, min_column_width=220, vertical_alignment="bottom"):
        export_type = _required("What", "type", TYPE_LABELS, TYPES[0])
        export_format = _required("Format", "format", FORMAT_LABELS, preferred)
    st.caption(CONTENTS[export_type])
    if export_type in SEARCHES:
        take_search_from_address(export_type)
    try:
        return ExportRequest.of(export_type, export_format, FIELDS[export_type](seen_by.creator_id))
    except InputError as error:
        st.error(str(error))
        return None


def _students(_creator_id: UUID) -> Chosen:
    return _given(student_filters())


def _progress(creator_id: UUID) -> Chosen:
    students = _given(student_filters())
    with st.grid(2, min_column_width=220, vertical_alignment="bottom"):
        every = videos(creator_id, VideoFilters(limit=MOST_CHOICES)).videos
        video_id = _optional("Video", "video", _titles(every, "video_id"))
        state = _optional("Watched", "state", STATE_LABELS)
    return students | {"video_id": video_id, "state": state}


def _chat(creator_id: UUID) -> Chosen:
    search = st.text_input(
        "Search",
        key=WORDS,
        bind="query-params",
        placeholder="Words in the question",
        icon=":material/search:",
        max_chars=100,
    )
    with st.grid(3, min_column_width=160, vertical_alignment="bottom"):
        period = _period(EVER)
        video_id = _optional("Video", "video", _titles(videos_asked_about(creator_id), "video_id"))
        rated = _optional("Answers", "rated", RATED_LABELS)
    return {"search": search, "period": period, "video_id": video_id, "rated": rated}


def _analytics(_creator_id: UUID) -> Chosen:
    return {"period": _period(MONTH.key)}


def _quiz_results(creator_id: UUID) -> Chosen:
    with st.grid(2, min_column_width=220, vertical_alignment="bottom"):
        period = _period(EVER)
        quiz_id = _optional("Quiz", "quiz", _titles(quizzes(creator_id), "quiz_id"))
    return {"period": period, "quiz_id": quiz_id}


def _videos(creator_id: UUID) -> Chosen:
    return _given(video_filters(library(creator_id).categories))


FIELDS: dict[str, Callable[[UUID], Chosen]] = {
    "students": _students,
    "progress": _progress,
    "chat": _chat,
    "analytics": _analytics,
    "quiz_results": _quiz_results,
    "videos": _videos,
}


def _given(filters: Any) -> dict[str, Any]:
    """The filters of a screen by name, without the paging that a file has not."""
    every = {field.name: getattr(filters, field.name) for field in fields(filters)}
    return {name: value for name, value in every.items() if name not in ("limit", "offset")}


def _titles(rows: pd.DataFrame, key: str) -> dict[str, str]:
    return {str(row[key]): row["title"] for row in records(rows)}


def _period(usual: str) -> str | None:
    """A period or, where that is usual, all time."""
    labels = {key: f"Last {period.label}" for key, period in PERIODS.items()}
    chosen = _required("Period", PERIOD, {EVER: "All time"} | labels if usual == EVER else labels, usual)
    return None if chosen == EVER else chosen


def _required(label: str, key: str, labels: Mapping[str, str], usual: str) -> str:
    options = list(labels)
    take_from_address(key, options)
    chosen = st.selectbox(label, options, index=options.index(usual), format_func=_label(labels), key=key)
    keep_in_address(key, chosen, usual=usual)
    return chosen


def _optional(label: str, key: str, labels: Mapping[str, str]) -> str | None:
    options = list(labels)
    take_from_address(key, options)
    chosen = st.selectbox(label, options, index=None, format_func=_label(labels), placeholder="Any", key=key)
    keep_in_address(key, chosen)
    return chosen


def _label(labels: Mapping[str, str]) -> Callable[[str], str]:
    return lambda option: labels.get(option, option)
