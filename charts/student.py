"""One student's course and watching, as strips."""

import altair as alt
import pandas as pd

from charts.tables import table
from rules.visible import visible_line

STARTED, NOT_STARTED, COMPLETED = "Started", "Not started", "Completed"
PLAYED, NOT_PLAYED, KNOWN_SHARE, STOPPED = "Played", "Not played", "Watched share, seconds unknown", "Stopped here"
# The order decides the colour: the theme's blue, grey, green, orange.
STATES = [STARTED, NOT_STARTED, COMPLETED]
SERIES = [PLAYED, NOT_PLAYED, KNOWN_SHARE, STOPPED]
STATE_NAMES = {"started": STARTED, "not_started": NOT_STARTED, "completed": COMPLETED}
COURSE_HEIGHT, VIDEO_HEIGHT, LEGEND_HEIGHT = 56, 46, 62  # pixels
NAME_OFFSET = -14  # pixels above the strip
AGAIN = 3  # played this often or more: the darkest shade
NEW_SEGMENT = 0.04  # of a cell's width, between two videos


def course_strip(course: pd.DataFrame) -> alt.Chart:
    """All published videos in order, one cell each, coloured by what the student did.

    Takes the frame of `queries.students.history.course_progress`.
    """
    cells = pd.DataFrame(
        {
            "from": course["place"] - 1 + NEW_SEGMENT,
            "until": course["place"] - NEW_SEGMENT,
            "place": course["place"],
            "title": course["title"].map(visible_line),
            "state": course["state"].map(STATE_NAMES),
        }
    )
    strip: alt.Chart = (
        alt.Chart(table(cells))
        .mark_rect()
        .encode(
            x=alt.X("from:Q", axis=None, scale=alt.Scale(domain=[0, max(len(course), 1)], nice=False)),
            x2="until:Q",
            color=_colour("state", STATES, [COMPLETED, STARTED, NOT_STARTED]),
            opacity=alt.condition(alt.datum.state == NOT_STARTED, alt.value(0.3), alt.value(1)),
            tooltip=[
                alt.Tooltip("place:Q", title="Video"),
                alt.Tooltip("title:N", title="Title"),
                alt.Tooltip("state:N", title="State"),
            ],
        )
        .properties(height=COURSE_HEIGHT + LEGEND_HEIGHT)
    )
    return strip


def watched_strips(videos: pd.DataFrame, ranges: pd.DataFrame) -> alt.LayerChart:
    """A strip per video over its length: played, played again (darker), and where the student stopped.

    Takes `rows` of `queries.students.history.watch_history` and the frame of `.watched_ranges` for
    them. Without playback data, the strip is the watched share.
    """
    numbered = videos.assign(number=range(1, len(videos) + 1), length=_lengths(videos))
    order = [f"{row.number}. {visible_line(str(row.title))}" for row in numbered.itertuples()]
    numbered = numbered.assign(video=order)
    cells = pd.concat([_whole(numbered), _shares(numbered), _played(numbered, ranges)], ignore_index=True)
    stops = _stops(numbered)
    shown = [name for name in SERIES if name in {*cells["series"], *stops["series"]}]
    height = VIDEO_HEIGHT * len(videos) + LEGEND_HEIGHT
    bars = _strip(cells, order, shown)
    return alt.LayerChart(layer=[bars, _marks(stops, order, shown)], height=height)


def _strip(cells: pd.DataFrame, order: list[str], shown: list[str]) -> alt.Chart:
    strip: alt.Chart = (
        alt.Chart(table(cells))
        .mark_bar(height=14, yOffset=4)
        .encode(
            x=_share_axis("from"),
            x2="until:Q",
            y=_row(order),
            color=_colour("series", SERIES, shown),
            opacity=alt.Opacity("shade:Q", scale=None, legend=None),
            tooltip=[
                alt.Tooltip("video:N", title="Video"),
                alt.Tooltip("series:N", title="Seconds"),
                alt.Tooltip("span:N", title="From, to"),
                alt.Tooltip("plays:Q", title="Times played"),
            ],
        )
    )
    return strip


def _marks(stops: pd.DataFrame, order: list[str], shown: list[str]) -> alt.Chart:
    marks: alt.Chart = (
        alt.Chart(table(stops))
        .mark_tick(thickness=3, height=22, yOffset=4, opacity=1)
        .encode(
            x=_share_axis("from"),
            y=_row(order),
            color=_colour("series", SERIES, shown),
            tooltip=[alt.Tooltip("video:N", title="Video"), alt.Tooltip("span:N", title="Stopped at")],
        )
    )
    return marks


def _lengths(videos: pd.DataFrame) -> "pd.Series[float]":
    """The length or, if it is unknown or too short for what was played, the last second played."""
    known = videos[["duration_seconds", "furthest_second"]].astype(float).max(axis=1)
    return known.fillna(0).clip(lower=1)  # avoids a division by zero


def _whole(videos: pd.DataFrame) -> pd.DataFrame:
    length = videos["length"].map(_clock)
    columns = {"video": videos["video"], "from": 0.0, "until": 100.0, "series": NOT_PLAYED, "shade": 0.25}
    return pd.DataFrame({**columns, "plays": 0, "span": "0:00, " + length})


def _shares(videos: pd.DataFrame) -> pd.DataFrame:
    """What is known of videos without playback."""
    known = videos[videos["furthest_second"].isna() & videos["watched_percent"].notna()]
    share = known["watched_percent"].astype(float)
    columns = {"video": known["video"], "from": 0.0, "until": share, "series": KNOWN_SHARE, "shade": 0.7}
    return pd.DataFrame({**columns, "plays": None, "span": "unknown"})


def _played(videos: pd.DataFrame, ranges: pd.DataFrame) -> pd.DataFrame:
    found = ranges.merge(videos[["video_id", "video", "length"]], on="video_id")
    columns = {
        "video": found["video"],
        "from": 100 * found["start_second"] / found["length"],
        "until": 100 * found["end_second"] / found["length"],
        "series": PLAYED,
        "shade": 0.25 + 0.25 * found["plays"].clip(upper=AGAIN),
        "plays": found["plays"],
        "span": found["start_second"].map(_clock) + ", " + found["end_second"].map(_clock),
    }
    return pd.DataFrame(columns)


def _stops(videos: pd.DataFrame) -> pd.DataFrame:
    stopped = videos[videos["stopped_at_second"].notna()]
    at = stopped["stopped_at_second"].astype(float)
    return pd.DataFrame(
        {"video": stopped["video"], "from": 100 * at / stopped["length"], "series": STOPPED, "span": at.map(_clock)}
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _row(order: list[str]) -> alt.Y:
    """A band per video with its name above the strip: labels, unlike text marks, follow the theme."""
    names = alt.Axis(
        title=None,
        labelAlign="left",
        labelOffset=NAME_OFFSET,
        labelPadding=0,
        labelLimit=600,
        labelFontWeight="bold",
        labelOverlap=False,
        maxExtent=0,
        minExtent=0,
        domain=False,
        ticks=False,
        grid=False,
    )
    return alt.Y("video:N", sort=order, axis=names, scale=alt.Scale(domain=order))


def _share_axis(column: str) -> alt.X:
    axis = alt.Axis(grid=False, values=[0, 25, 50, 75, 100], labelExpr="datum.value + '%'", title=None)
    return alt.X(f"{column}:Q", axis=axis, scale=alt.Scale(domain=[0, 100], nice=False, clamp=True))


def _colour(column: str, domain: list[str], shown: list[str]) -> alt.Color:
    legend = alt.Legend(orient="top", values=shown, symbolType="square", symbolOpacity=1, columns=3)
    return alt.Color(f"{column}:N", title=None, sort=domain, scale=alt.Scale(domain=domain), legend=legend)
