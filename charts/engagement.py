"""Activity over time, as charts."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from charts.tables import Template, filled
from charts.timeline import LOOKS, PLAIN, Look, Timeline, marked, paler_so_far, until_now

SYMBOLS = alt.Legend(orient="top", symbolType="stroke", symbolOpacity=1, symbolSize=300, symbolStrokeWidth=2)
EVERY_FOUR_HOURS = [f"{hour:02d}:00" for hour in range(0, 24, 4)]
HEIGHT = 260


def daily_active_users_line(days: pd.DataFrame, about: Timeline = PLAIN) -> alt.LayerChart:
    """This period as a line over an area, with the compared days as a dashed line behind and today dotted.

    Takes the frame of `queries.overview.engagement.daily_active_users`.
    """
    chart: alt.LayerChart = filled(_daily_active_users(about.look), days=about.named(days), **about.marks)
    return chart


@lru_cache(maxsize=LOOKS)
def _daily_active_users(look: Look) -> Template:
    line = alt.Chart(alt.NamedData(name="days")).encode(
        x=_days_axis("shown_at"),
        y=alt.Y("active_students:Q", title="Active students", axis=alt.Axis(tickMinStep=1)),
        color=alt.Color("series:N", title=None, sort=look.series, scale=_scale(look), legend=SYMBOLS),
        strokeDash=alt.StrokeDash(
            "series:N", title=None, sort=look.series, scale=_scale(look, range=[[1, 0], [4, 4]]), legend=SYMBOLS
        ),
        tooltip=[
            alt.Tooltip("activity_date:T", title="Day", format="%a %-d %b %Y"),
            alt.Tooltip("active_students:Q", title="Active students"),
        ],
    )
    before = line.transform_filter(alt.datum.series == look.compared).mark_line(strokeWidth=1.5)
    this = line.transform_filter(look.whole_days)
    area, now = this.mark_area(opacity=0.15), this.mark_line(point=alt.OverlayMarkDef(size=18))
    running = until_now(line, "active_students", "Active students") if look.has_running_day else []
    return Template(marked([before, area, now, *running], look, _days_axis("day"), HEIGHT))


def learning_activity_bars(days: pd.DataFrame, about: Timeline = PLAIN) -> alt.Chart | alt.LayerChart:
    """Minutes played per day of this period or, if the platform sends no playback, activities.

    Today is paler. Takes the frame of `queries.overview.engagement.daily_active_users`.
    """
    this = about.named(days)[days["window"] == "this"].drop(columns=["series"])
    chart: alt.Chart | alt.LayerChart = filled(
        _learning_activity(has_playback(days), about.look), days=this, **about.marks
    )
    return chart


@lru_cache(maxsize=LOOKS)
def _learning_activity(has_minutes: bool, look: Look) -> Template:
    value, title = ("watched_minutes", "Minutes watched") if has_minutes else ("signs_of_life", "Activities")
    bars: alt.Chart = (
        alt.Chart(alt.NamedData(name="days"))
        .mark_bar(cornerRadiusTopLeft=2, cornerRadiusTopRight=2)
        .encode(
            x=_days_axis("activity_date"),
            y=alt.Y(f"{value}:Q", title=title),
            tooltip=[
                alt.Tooltip("activity_date:T", title="Day", format="%a %-d %b %Y"),
                alt.Tooltip(f"{value}:Q", title=title, format=",.0f"),
            ],
        )
    )
    if look.has_running_day:
        bars = paler_so_far(bars)
    if not look.has_markers:
        return Template(bars.properties(height=HEIGHT))
    return Template(marked([bars], look, _days_axis("day"), HEIGHT))


def has_playback(days: pd.DataFrame) -> bool:
    """Whether the platform reports which seconds were played."""
    return bool((days["watched_minutes"] > 0).any())


def peak_hours_bars(hours: pd.DataFrame) -> alt.Chart:
    """Activities per local hour. Takes the frame of `queries.overview.engagement.peak_hours`."""
    chart: alt.Chart = filled(_peak_hours(), hours=hours.assign(label=[f"{hour:02d}:00" for hour in hours["hour"]]))
    return chart


@lru_cache(maxsize=1)
def _peak_hours() -> Template:
    bars: alt.Chart = (
        alt.Chart(alt.NamedData(name="hours"))
        .mark_bar(cornerRadiusTopLeft=2, cornerRadiusTopRight=2)
        .encode(
            x=alt.X("label:O", title=None, axis=alt.Axis(labelAngle=0, labelFlush=False, values=EVERY_FOUR_HOURS)),
            y=alt.Y("signs_of_life:Q", title="Activities"),
            tooltip=[
                alt.Tooltip("label:O", title="Hour from"),
                alt.Tooltip("signs_of_life:Q", title="Activities", format=","),
            ],
        )
        .properties(height=HEIGHT)
    )
    return Template(bars)


def _days_axis(column: str) -> alt.X:
    return alt.X(f"{column}:T", title=None, axis=alt.Axis(format="%-d %b", grid=False, labelOverlap=True))


def _scale(look: Look, **more: Any) -> alt.Scale:
    """Colour and dashes share one legend only if both encode the same series."""
    return alt.Scale(domain=look.series, **more)
