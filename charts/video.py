"""One video second by second, as charts."""

import altair as alt
import pandas as pd

from charts.tables import table

VIEWERS, USUAL, AGAIN = "Viewers", "Typical video", "Played again"
STOP, MARK = "Viewers stop here", "Marked"
# The order decides the colour: the theme's first for this video, its second for the comparison.
SERIES = [VIEWERS, USUAL, AGAIN, STOP, MARK]
DASHES = [[1, 0], [4, 4], [1, 0], [1, 0], [2, 2]]
HEIGHT, STRIP_HEIGHT = 320, 150  # pixels, legends and axes included
AXIS_EXTENT = 44  # pixels; the same in both charts, so that their seconds line up
TICK_SECONDS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
MOST_TICKS = 8


def retention_lines(
    curve: pd.DataFrame,
    typical: pd.DataFrame,
    length_seconds: int | None,
    stops: list[int],
    marked: int | None = None,
) -> alt.LayerChart:
    """The share of viewers still watching, with the typical curve behind it; seconds as vertical lines.

    Takes the frames of `queries.videos.playback.retention_curve` and `.typical_curve`. Without a
    length the axis shows percent. `stops` are the seconds of cliffs, `marked` is the one in the address.
    """
    points = _series(curve, typical, length_seconds)
    seconds = [(STOP, second) for second in stops] + ([] if marked is None else [(MARK, marked)])
    rules = pd.DataFrame(seconds, columns=["series", "at"])
    shown = [name for name in SERIES if name in {*points["series"], *rules["series"]}]
    base = _placed(points, length_seconds).encode(
        x=_length_axis("at", length_seconds, title=True),
        y=alt.Y(
            "percent:Q",
            title="% of viewers",
            axis=alt.Axis(minExtent=AXIS_EXTENT, maxExtent=AXIS_EXTENT, tickCount=5),
            scale=alt.Scale(domainMin=0),
        ),
        color=_colour(shown),
    )
    area = base.transform_filter(alt.datum.series == VIEWERS).mark_area(opacity=0.12)
    dashes = alt.Scale(domain=SERIES, range=DASHES)
    dashed = alt.StrokeDash("series:N", title=None, sort=SERIES, scale=dashes, legend=_symbols(shown))
    lines = base.mark_line(strokeWidth=2).encode(strokeDash=dashed)
    told = base.mark_point(opacity=0, size=90).encode(
        tooltip=[
            alt.Tooltip("series:N", title="Line"),
            alt.Tooltip("place:N", title="At"),
            alt.Tooltip("percent:Q", title="% of viewers", format=".0f"),
        ]
    )
    return alt.LayerChart(layer=[area, lines, *_rules(rules, length_seconds, shown), told], height=HEIGHT)


def engagement_strip(curve: pd.DataFrame, length_seconds: int) -> alt.Chart:
    """A strip over the video: the stronger the colour of a second, the more often viewers play it.

    Takes a frame of `queries.videos.playback.retention_curve` that comes from segments.
    """
    cells = pd.DataFrame(
        {
            "at": curve["second"],
            # Each cell extends below the next one: side by side, they would show seams.
            "until": curve["second"].shift(-2, fill_value=float(length_seconds)),
            "plays_per_viewer": curve["plays"] / curve["all_viewers"],
            "bottom": 0,
            "top": 1,
        }
    )
    empty = alt.Axis(labels=False, ticks=False, domain=False, grid=False, minExtent=AXIS_EXTENT, maxExtent=AXIS_EXTENT)
    strip: alt.Chart = (
        _placed(cells, length_seconds)
        .mark_rect()
        .encode(
            x=_length_axis("at", length_seconds),
            x2="until:Q",
            y=alt.Y("bottom:Q", title="Plays", axis=empty, scale=alt.Scale(domain=[0, 1])),
            y2="top:Q",
            color=alt.Color(
                "plays_per_viewer:Q",
                title="Plays per viewer",
                scale=alt.Scale(domainMin=0),
                legend=alt.Legend(orient="bottom", direction="horizontal", format=".1~f", tickCount=4),
            ),
            tooltip=[
                alt.Tooltip("place:N", title="From"),
                alt.Tooltip("plays_per_viewer:Q", title="Plays per viewer", format=".2f"),
            ],
        )
        .properties(height=STRIP_HEIGHT)
    )
    return strip


def _series(curve: pd.DataFrame, typical: pd.DataFrame, length_seconds: int | None) -> pd.DataFrame:
    at = curve["position_percent"] if length_seconds is None else curve["second"]
    again = 100 * (curve["plays"] - curve["viewers"]) / curve["all_viewers"]
    usual_at = typical["position_percent"] * (1 if length_seconds is None else length_seconds / 100)
    lines = [
        pd.DataFrame({"series": VIEWERS, "at": at, "percent": curve["retention_percent"]}),
        pd.DataFrame({"series": USUAL, "at": usual_at, "percent": typical["retention_percent"]}),
        pd.DataFrame({"series": AGAIN, "at": at, "percent": again}).dropna(),
    ]
    return pd.concat([line for line in lines if not line.empty], ignore_index=True)


def _rules(rules: pd.DataFrame, length_seconds: int | None, shown: list[str]) -> list[alt.Chart]:
    if rules.empty or length_seconds is None:
        return []
    base = _placed(rules, length_seconds).encode(
        x=_length_axis("at", length_seconds, title=True),
        color=_colour(shown),
        tooltip=[alt.Tooltip("series:N", title="Line"), alt.Tooltip("place:N", title="At")],
    )
    label = base.mark_text(align="left", dx=5, dy=2, baseline="top", fontWeight="bold")
    return [base.mark_rule(strokeWidth=2), label.encode(text="place:N", y=alt.value(0))]


def _placed(rows: pd.DataFrame, length_seconds: int | None) -> alt.Chart:
    """The rows with a column `place`: their `at` as people read it."""
    words = "format(datum.at, '.0f') + '%'" if length_seconds is None else _clock("datum.at")
    chart: alt.Chart = alt.Chart(table(rows)).transform_calculate(place=words)
    return chart


def _clock(seconds: str) -> str:
    """Seconds as 8:37, or 1:02:05 from an hour on, in the expression language of the chart."""
    return (
        f"({seconds} >= 3600 ? floor({seconds} / 3600) + ':' + format(floor({seconds} % 3600 / 60), '02')"
        f" : floor({seconds} / 60)) + ':' + format(floor({seconds} % 60), '02')"
    )


def _colour(shown: list[str]) -> alt.Color:
    return alt.Color("series:N", title=None, sort=SERIES, scale=alt.Scale(domain=SERIES), legend=_symbols(shown))


def _symbols(shown: list[str]) -> alt.Legend:
    return alt.Legend(
        orient="top", values=shown, symbolType="stroke", symbolOpacity=1, symbolSize=300, symbolStrokeWidth=2, columns=2
    )


def _length_axis(column: str, length_seconds: int | None, title: bool = False) -> alt.X:
    if length_seconds is None:
        axis = alt.Axis(grid=False, title="% of the video" if title else None)
        return alt.X(f"{column}:Q", axis=axis, scale=alt.Scale(domain=[0, 100], nice=False))
    step = next((step for step in TICK_SECONDS if length_seconds / step <= MOST_TICKS), length_seconds)
    axis = alt.Axis(
        values=list(range(0, length_seconds + 1, step)),
        labelExpr=_clock("datum.value"),
        labelOverlap=True,
        labels=title,
        ticks=title,
        domain=title,
        grid=False,
        title=None,
    )
    return alt.X(f"{column}:Q", axis=axis, scale=alt.Scale(domain=[0, length_seconds], nice=False))
