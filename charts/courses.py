"""The runs of one course in one chart."""

import altair as alt
import pandas as pd

from charts.tables import table
from rules.visible import visible_line

HEIGHT = 240
FINISHED, ACTIVE = "finished_share_percent", "active_share_percent"
TITLES = {FINISHED: "Finished (% of the run)", ACTIVE: "Was active (% of the run)"}


def runs_lines(days: pd.DataFrame, measure: str) -> alt.Chart:
    """One line per run over the days since its start: the share of its students up to each day.

    Takes `queries.courses.figures.runs_by_day` with the names of the runs in `name`, and one of its shares.
    """
    named = days.assign(run_id=days["run_id"].astype(str), name=days["name"].map(visible_line))
    lines: alt.Chart = (
        alt.Chart(table(named))
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X("day:Q", title="Days since the start of the run", axis=alt.Axis(tickMinStep=1, grid=False)),
            y=alt.Y(f"{measure}:Q", title=TITLES[measure], scale=alt.Scale(domainMin=0)),
            color=alt.Color("name:N", title=None, sort=None, legend=alt.Legend(orient="top", labelLimit=220)),
            detail="run_id:N",
            tooltip=[
                alt.Tooltip("name:N", title="Run"),
                alt.Tooltip("day:Q", title="Day"),
                alt.Tooltip(f"{ACTIVE}:Q", title="Was active (%)", format=".0f"),
                alt.Tooltip(f"{FINISHED}:Q", title="Finished (%)", format=".0f"),
                alt.Tooltip("active_students:Q", title="Active on the day"),
            ],
        )
        .properties(height=HEIGHT)
    )
    return lines
