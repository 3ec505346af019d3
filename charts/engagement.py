"""Activity over time, as charts."""

import altair as alt
import pandas as pd

THIS, BEFORE = "This period", "Period before"
SYMBOLS = alt.Legend(orient="top", symbolType="stroke", symbolOpacity=1, symbolSize=300, symbolStrokeWidth=2)
# Colour and dashes share one legend only where both say the same of the series.
WINDOWS = [THIS, BEFORE]
SERIES = alt.Color("series:N", title=None, sort=WINDOWS, scale=alt.Scale(domain=WINDOWS), legend=SYMBOLS)
DASHES = alt.StrokeDash(
    "series:N", title=None, sort=WINDOWS, scale=alt.Scale(domain=WINDOWS, range=[[1, 0], [4, 4]]), legend=SYMBOLS
)
EVERY_FOUR_HOURS = [f"{hour:02d}:00" for hour in range(0, 24, 4)]
HEIGHT = 260


def daily_active_users_line(days: pd.DataFrame) -> alt.LayerChart:
    """This period as a line over an area, the period before it as a dashed line behind.

    Takes the frame of `queries.engagement.daily_active_users`.
    """
    named = days.assign(series=days["window"].map({"this": THIS, "previous": BEFORE}))
    line = alt.Chart(named).encode(
        x=_days_axis("shown_at"),
        y=alt.Y("active_students:Q", title="Active students", axis=alt.Axis(tickMinStep=1)),
        color=SERIES,
        strokeDash=DASHES,
        tooltip=[
            alt.Tooltip("activity_date:T", title="Day", format="%a %-d %b %Y"),
            alt.Tooltip("active_students:Q", title="Active students"),
        ],
    )
    before = line.transform_filter(alt.datum.series == BEFORE).mark_line(strokeWidth=1.5)
    area = line.transform_filter(alt.datum.series == THIS).mark_area(opacity=0.15)
    now = line.transform_filter(alt.datum.series == THIS).mark_line(point=alt.OverlayMarkDef(size=18))
    return alt.LayerChart(layer=[before, area, now], height=HEIGHT)


def learning_activity_bars(days: pd.DataFrame) -> alt.Chart:
    """Minutes played per day of this period or, where the platform sends no playback, activities.

    Takes the frame of `queries.engagement.daily_active_users`.
    """
    this = days[days["window"] == "this"]
    value, title = ("watched_minutes", "Minutes watched") if has_playback(days) else ("signs_of_life", "Activities")
    bars: alt.Chart = (
        alt.Chart(this)
        .mark_bar(cornerRadiusTopLeft=2, cornerRadiusTopRight=2)
        .encode(
            x=_days_axis("activity_date"),
            y=alt.Y(f"{value}:Q", title=title),
            tooltip=[
                alt.Tooltip("activity_date:T", title="Day", format="%a %-d %b %Y"),
                alt.Tooltip(f"{value}:Q", title=title, format=",.0f"),
            ],
        )
        .properties(height=HEIGHT)
    )
    return bars


def has_playback(days: pd.DataFrame) -> bool:
    """Whether the platform tells which seconds were played."""
    return bool((days["watched_minutes"] > 0).any())


def peak_hours_bars(hours: pd.DataFrame) -> alt.Chart:
    """Activities per local hour. Takes the frame of `queries.engagement.peak_hours`."""
    labelled = hours.assign(label=[f"{hour:02d}:00" for hour in hours["hour"]])
    bars: alt.Chart = (
        alt.Chart(labelled)
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
    return bars


def _days_axis(column: str) -> alt.X:
    return alt.X(f"{column}:T", title=None, axis=alt.Axis(format="%-d %b", grid=False, labelOverlap=True))
