"""Additions to charts over days: the compared days, today, what happened."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from rules.visible import visible_line

THIS, BEFORE = "This period", "Previous period"
QUIET = "#8592a3"  # 3 to 1 and more on light and on dark
MARKERS = "markers"  # the name of their table
SO_FAR = 0.45  # the opacity of a day that has not ended
MARK_SIZE, MARK_TOP = 70, 6
KINDS = {"video_changed": "Video changed", "mail_sent": "Mail sent", "run_started": "Run started"}
# Vega opens links in a new tab by default.
SAME_TAB = {"embedOptions": {"loader": {"target": "_self"}}}
LOOKS = 64  # kept per chart: few of them differ, by the name of what a period is compared with
SHAPES = ["diamond", "triangle-down", "square"]


@dataclass(frozen=True)
class Timeline:
    """The name of the compared series, the day that has not ended, and what happened: day, kind, title, href."""

    compared: str = BEFORE
    running: date | None = None
    markers: pd.DataFrame | None = None

    def named(self, days: pd.DataFrame) -> pd.DataFrame:
        """The days with their series; if one is not over, with `is_running`, and `is_last_step` for the last two."""
        named = days.assign(series=days["window"].map({"this": THIS, "previous": self.compared}))
        if self.running is None or named.empty:
            return named
        is_this = named["window"] == "this"
        is_running = is_this & (named["activity_date"] == pd.Timestamp(self.running))
        last_whole = named.loc[is_this & ~is_running, "activity_date"].max()
        is_last_step = is_running | (is_this & (named["activity_date"] == last_whole))
        return named.assign(is_running=is_running, is_last_step=is_last_step)

    @property
    def look(self) -> "Look":
        return Look(self.compared, self.running is not None, self.markers is not None and not self.markers.empty)

    @property
    def marks(self) -> dict[str, pd.DataFrame]:
        """The tables that `filled` puts into a chart that is `marked`."""
        if self.markers is None or self.markers.empty:
            return {}
        shown = {"kind": self.markers["kind"].map(KINDS), "title": self.markers["title"].map(visible_line)}
        return {MARKERS: self.markers.assign(**shown)}


@dataclass(frozen=True)
class Look:
    """The parts of a timeline that decide how a chart is built: all but the rows."""

    compared: str
    has_running_day: bool
    has_markers: bool

    @property
    def series(self) -> list[str]:
        return [THIS, self.compared]

    @property
    def whole_days(self) -> Any:
        """A condition on the rows of `Timeline.named`: those of the period that are over."""
        of_period = alt.datum.series == THIS
        return of_period & ~alt.datum.is_running if self.has_running_day else of_period


PLAIN = Timeline()


def paler_so_far(bars: alt.Chart) -> alt.Chart:
    """The bar of a day that has not ended is paler, and its tooltip says so."""
    told = bars.transform_calculate(counted="datum.is_running ? 'so far' : 'the whole day'")
    tooltips = [*bars.encoding.tooltip, alt.Tooltip("counted:N", title="Counted")]
    paler = alt.condition(alt.datum.is_running, alt.value(SO_FAR), alt.value(1))
    return told.encode(opacity=paler, tooltip=tooltips)


def until_now(line: alt.Chart, value: str, title: str) -> list[alt.Chart]:
    """Today, separate from the line: a dotted step to a hollow point."""
    step = line.transform_filter("datum.is_last_step").mark_line(strokeWidth=1.5)
    point = line.transform_filter("datum.is_running").mark_point(filled=False, size=45, strokeWidth=1.5, opacity=1)
    tooltip = [
        alt.Tooltip("activity_date:T", title="Day", format="%a %-d %b %Y"),
        alt.Tooltip(f"{value}:Q", title=f"{title} so far"),
    ]
    dotted = {"strokeDash": alt.value([2, 3])}
    return [step.encode(**dotted), point.encode(strokeDash=alt.value([1, 0]), tooltip=tooltip)]


def marked(layers: list[alt.Chart], look: Look, place: alt.X, height: int) -> alt.LayerChart:
    """The layers with events as small marks at the top and fine lines down; a click opens the event.

    To be filled with `Timeline.marks`. `place` is the position of a mark: its `day`, or another column that the chart
    has added to the markers.
    """
    if not look.has_markers:
        return alt.LayerChart(layer=layers, height=height)
    return alt.LayerChart(layer=[*layers, *_marks(place)], height=height, usermeta=SAME_TAB)


def _marks(place: alt.X) -> list[alt.Chart]:
    base = alt.Chart(alt.NamedData(name=MARKERS)).encode(
        x=place,
        tooltip=[
            alt.Tooltip("kind:N", title="What happened"),
            alt.Tooltip("title:N", title="Which"),
            alt.Tooltip("day:T", title="Day", format="%a %-d %b %Y"),
        ],
        href="href:N",
    )
    line = base.mark_rule(color=QUIET, strokeDash=[1, 3], strokeWidth=1)
    shape = alt.Shape("kind:N", scale=alt.Scale(domain=list(KINDS.values()), range=SHAPES), legend=None)
    sign = base.mark_point(color=QUIET, fill=QUIET, size=MARK_SIZE, opacity=1, cursor="pointer")
    return [line, sign.encode(y=alt.value(MARK_TOP), shape=shape)]
