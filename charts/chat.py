"""What students ask, as charts."""

from functools import lru_cache

import altair as alt
import pandas as pd

from charts.tables import Template, filled, table
from charts.timeline import LOOKS, PLAIN, Look, Timeline, marked, until_now

GOOD, BAD, UNRATED = "Rated good", "Rated bad", "Not rated"
RATING_COLOURS = {GOOD: "#2da44e", BAD: "#d1492e", UNRATED: "#8592a3"}  # 3 to 1 and more on light and on dark
HEIGHT = 240


def questions_line(days: pd.DataFrame, about: Timeline = PLAIN) -> alt.LayerChart:
    """Questions per day, with the compared days as a dashed line behind and today dotted.

    Takes `queries.chat.figures.daily_questions`.
    """
    chart: alt.LayerChart = filled(_questions(about.look), days=about.named(days), **about.marks)
    return chart


@lru_cache(maxsize=LOOKS)
def _questions(look: Look) -> Template:
    line = alt.Chart(alt.NamedData(name="days")).encode(
        x=_days_axis("shown_at"),
        y=alt.Y("questions:Q", title="Questions", axis=alt.Axis(tickMinStep=1)),
        color=alt.Color("series:N", title=None, sort=look.series, legend=alt.Legend(orient="top")),
        tooltip=[
            alt.Tooltip("activity_date:T", title="Day", format="%a %-d %b %Y"),
            alt.Tooltip("questions:Q", title="Questions"),
        ],
    )
    before = line.transform_filter(alt.datum.series == look.compared).mark_line(strokeDash=[4, 4], strokeWidth=1.5)
    now = line.transform_filter(look.whole_days).mark_line(point=alt.OverlayMarkDef(size=18))
    running = until_now(line, "questions", "Questions") if look.has_running_day else []
    return Template(marked([before, now, *running], look, _days_axis("day"), HEIGHT))


def satisfaction_donut(good: int, bad: int, unrated: int) -> alt.Chart:
    """The ratings of the period's questions as a ring, clockwise in the legend's order."""
    names = list(RATING_COLOURS)
    rated = pd.DataFrame({"rating": names, "questions": [good, bad, unrated], "place": range(len(names))})
    ring: alt.Chart = (
        alt.Chart(table(rated))
        .mark_arc(innerRadius=42, outerRadius=68)
        .encode(
            theta=alt.Theta("questions:Q", stack=True),
            order=alt.Order("place:Q"),
            color=alt.Color(
                "rating:N",
                title=None,
                sort=names,
                scale=alt.Scale(domain=names, range=list(RATING_COLOURS.values())),
                legend=alt.Legend(orient="bottom"),
            ),
            tooltip=[alt.Tooltip("rating:N", title="Rating"), alt.Tooltip("questions:Q", title="Questions")],
        )
        .properties(height=HEIGHT)
    )
    return ring


def _days_axis(column: str) -> alt.X:
    return alt.X(f"{column}:T", title=None, axis=alt.Axis(format="%-d %b", grid=False, labelOverlap=True))
