"""What students ask, as charts."""

import altair as alt
import pandas as pd

ASKED, BEFORE = "This period", "Period before"
GOOD, BAD, UNRATED = "Rated good", "Rated bad", "Not rated"
RATING_COLOURS = {GOOD: "#2da44e", BAD: "#d1492e", UNRATED: "#8592a3"}  # 3 to 1 and more on light and on dark
HEIGHT = 240


def questions_line(days: pd.DataFrame) -> alt.LayerChart:
    """Questions per day, the period before as a dashed line behind. Takes `queries.chat.daily_questions`."""
    named = days.assign(series=days["window"].map({"this": ASKED, "previous": BEFORE}))
    line = alt.Chart(named).encode(
        x=alt.X("shown_at:T", title=None, axis=alt.Axis(format="%-d %b", grid=False, labelOverlap=True)),
        y=alt.Y("questions:Q", title="Questions", axis=alt.Axis(tickMinStep=1)),
        color=alt.Color("series:N", title=None, sort=[ASKED, BEFORE], legend=alt.Legend(orient="top")),
        tooltip=[
            alt.Tooltip("activity_date:T", title="Day", format="%a %-d %b %Y"),
            alt.Tooltip("questions:Q", title="Questions"),
        ],
    )
    before = line.transform_filter(alt.datum.series == BEFORE).mark_line(strokeDash=[4, 4], strokeWidth=1.5)
    now = line.transform_filter(alt.datum.series == ASKED).mark_line(point=alt.OverlayMarkDef(size=18))
    return alt.LayerChart(layer=[before, now], height=HEIGHT)


def satisfaction_donut(good: int, bad: int, unrated: int) -> alt.Chart:
    """How the questions of the period were rated, as shares of a ring; clockwise in the legend's order."""
    names = list(RATING_COLOURS)
    rated = pd.DataFrame({"rating": names, "questions": [good, bad, unrated], "place": range(len(names))})
    ring: alt.Chart = (
        alt.Chart(rated)
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
