"""A student's strips on the page. Their specifications are remembered: to build them takes longer than all else."""

import pickle
from collections.abc import Callable
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from charts.student import course_strip, watched_strips
from queries.caching import remembered
from ui.drawing import altair_alone

FIVE_MINUTES = 300


def show_course(course: pd.DataFrame) -> None:
    """Takes the frame of `queries.student_history.course_progress`."""
    st.vega_lite_chart(
        _course_specification(course[["place", "title", "state"]]),
        alt="One cell for each published video, in order: completed, started or not started",
    )


def show_watched(videos: pd.DataFrame, ranges: pd.DataFrame) -> None:
    """Takes `rows` of `queries.student_history.watch_history` and the frame of `.watched_ranges` for them."""
    st.vega_lite_chart(
        _watched_specification(videos, ranges),
        alt="For each video, the seconds that were played, darker where played again, and where they stopped; "
        "the list below says the same in words",
    )


# The key is the content of the frames, as bytes: Streamlit's own way to hash a frame takes ten times as long.
# Who is shown the same strip has the same data.
remembered_strip = remembered(FIVE_MINUTES, {pd.DataFrame: pickle.dumps})


@remembered_strip
def _course_specification(course: pd.DataFrame) -> dict[str, Any]:
    return _specification(lambda: course_strip(course))


@remembered_strip
def _watched_specification(videos: pd.DataFrame, ranges: pd.DataFrame) -> dict[str, Any]:
    return _specification(lambda: watched_strips(videos, ranges))


def _specification(draw: Callable[[], alt.Chart | alt.LayerChart]) -> dict[str, Any]:
    # Much replaying makes over 5,000 stretches; data inside the layers need no table of their own.
    with altair_alone(), alt.data_transformers.enable("default", max_rows=None, consolidate_datasets=False):
        specification: dict[str, Any] = draw().to_dict(validate=False)
        return specification
