"""How far students get, as a chart."""

import altair as alt
import pandas as pd

from charts.tables import table
from rules.visible import visible_line

MANY_VIDEOS = 60  # from here on titles no longer fit, so positions are shown instead
ROW_HEIGHT = 22
HEIGHT_OF_MANY = 320
# In pixels. A phone has about 330 for the whole chart; on paper, the size of what holds it is not known.
LONGEST_LABEL = "containerSize()[0] > 700 ? 320 : 150"
AS_USUAL, DROP = "Reached it", "Steepest drop follows"


def funnel_bars(
    steps: pd.DataFrame, drop_place: int | None = None, most_titles: int = MANY_VIDEOS
) -> alt.Chart | alt.LayerChart:
    """One bar per video in course order, as long as the number of students who reached it or a later one.

    Takes the frame of `queries.courses.funnel.funnel`, and the place after which most are lost. Courses with more
    videos than fit have upright bars without titles.
    """
    named = _named(steps, drop_place)
    return _upright(named) if len(steps) > most_titles else _lying(named)


def _lying(steps: pd.DataFrame) -> alt.LayerChart:
    base = alt.Chart(table(steps)).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=alt.ExprRef(LONGEST_LABEL))),
        x=alt.X("reached:Q", title=None, axis=None),
        tooltip=_tooltip(),
    )
    bars = base.mark_bar(cornerRadiusEnd=2).encode(color=_colour(steps))
    # The scale leaves room for the figure at the end of the longest bar.
    figures = base.mark_text(align="left", dx=4).encode(
        text=alt.Text("reached:Q", format=",d"),
        x=alt.X("reached:Q", scale=alt.Scale(domain=[0, 1.15 * int(steps["reached"].max())])),
        color=alt.value("#7a8899"),
    )
    return alt.LayerChart(layer=[bars, figures], height=alt.Step(ROW_HEIGHT))


def _upright(steps: pd.DataFrame) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(table(steps))
        .mark_bar()
        .encode(
            x=alt.X("place:Q", title="Place in the course", axis=alt.Axis(tickMinStep=1, grid=False)),
            y=alt.Y("reached:Q", title="Students who reached it", axis=alt.Axis(tickMinStep=1)),
            color=_colour(steps),
            tooltip=_tooltip(),
        )
        .properties(height=HEIGHT_OF_MANY)
    )
    return chart


def _named(steps: pd.DataFrame, drop_place: int | None) -> pd.DataFrame:
    shown = steps.drop(columns="video_id")
    return shown.assign(
        title=steps["title"].map(visible_line),
        label=[f"{place}. {visible_line(title)}" for place, title in zip(steps["place"], steps["title"], strict=True)],
        series=[DROP if place == drop_place else AS_USUAL for place in steps["place"]],
    )


def _colour(steps: pd.DataFrame) -> alt.Color:
    """The theme's first colour, and its fourth for the drop; a legend only if there is a drop."""
    legend = alt.Legend(orient="top", values=[DROP], labelLimit=240) if DROP in set(steps["series"]) else None
    return alt.Color(
        "series:N", title=None, scale=alt.Scale(domain=[AS_USUAL, "", " ", DROP]), sort=None, legend=legend
    )


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("label:N", title="Video"),
        alt.Tooltip("reached:Q", title="Reached it or a later one"),
        alt.Tooltip("started:Q", title="Started it"),
        alt.Tooltip("completed:Q", title="Completed it"),
        alt.Tooltip("stuck:Q", title="Stuck here"),
    ]
