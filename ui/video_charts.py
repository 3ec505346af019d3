"""The charts of one video as the browser gets them, remembered: building one costs more than the rest of the page."""

from collections.abc import Callable
from typing import Any

import altair
import pandas as pd
import streamlit as st

from charts.video import engagement_strip, retention_lines
from queries.caching import remembered
from ui.drawing import altair_alone

FIVE_MINUTES = 300


def show_retention(
    curve: pd.DataFrame,
    typical: pd.DataFrame,
    length_seconds: int | None,
    stops: list[int],
    marked: int | None,
    alt: str,
) -> None:
    """Draws what `charts.video.retention_lines` makes of these."""
    st.vega_lite_chart(spec=_retention(curve, typical, length_seconds, stops, marked), alt=alt)


def show_strip(curve: pd.DataFrame, length_seconds: int, alt: str) -> None:
    """Draws what `charts.video.engagement_strip` makes of these."""
    st.vega_lite_chart(spec=_strip(curve, length_seconds), alt=alt)


# The key is the data themselves: the same chart for nobody but who has the same figures.
@remembered(FIVE_MINUTES)
def _retention(
    curve: pd.DataFrame, typical: pd.DataFrame, length_seconds: int | None, stops: list[int], marked: int | None
) -> dict[str, Any]:
    return _themeless(lambda: retention_lines(curve, typical, length_seconds, stops, marked))


@remembered(FIVE_MINUTES)
def _strip(curve: pd.DataFrame, length_seconds: int) -> dict[str, Any]:
    return _themeless(lambda: engagement_strip(curve, length_seconds))


def _themeless(draw: Callable[[], altair.TopLevelMixin]) -> dict[str, Any]:
    """The chart without the library's own look, so that the dashboard's applies."""
    with altair_alone():
        spec: dict[str, Any] = draw().to_dict(validate=False)
    spec.pop("config", None)
    return spec
