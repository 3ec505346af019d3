"""The charts of one video: what is drawn, where, and that the two line up."""

import pandas as pd
import pytest

from charts.video import AGAIN, AXIS_EXTENT, MARK, STOP, USUAL, VIEWERS, engagement_strip, retention_lines

NO_TYPICAL = pd.DataFrame({"position_percent": [], "retention_percent": [], "videos": []})
TYPICAL = pd.DataFrame({"position_percent": [0, 50, 100], "retention_percent": [100.0, 80, 60], "videos": 3})


def a_curve(viewers=(10, 8, 4), plays=(10, 12, 4), length=30):
    seconds = [length * place / len(viewers) for place in range(len(viewers))]
    return pd.DataFrame(
        {
            "source": "segments",
            "second": seconds,
            "position_percent": [100 * second / length for second in seconds],
            "retention_percent": [100.0 * count / viewers[0] for count in viewers],
            "viewers": viewers,
            "plays": plays,
            "all_viewers": viewers[0],
        }
    )


def points_only():
    return a_curve().assign(source="points", viewers=float("nan"), plays=float("nan"), all_viewers=float("nan"))


def drawn(chart):
    """The rows of every data set of a chart."""
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


def line(chart, series):
    return [(row["at"], row["percent"]) for row in drawn(chart) if row["series"] == series and "percent" in row]


def test_viewers_repeat_plays_and_the_usual_video_are_lines_in_percent():
    chart = retention_lines(a_curve(), TYPICAL, 30, stops=[])

    assert line(chart, VIEWERS) == [(0, 100), (10, 80), (20, 40)]
    assert line(chart, AGAIN) == [(0, 0), (10, 40), (20, 0)]
    assert line(chart, USUAL) == [(0, 100), (15, 80), (30, 60)]


def test_cliffs_and_the_marked_second_stand_at_their_seconds():
    rows = drawn(retention_lines(a_curve(), TYPICAL, 30, stops=[17], marked=21))

    assert [(row["series"], row["at"]) for row in rows if "percent" not in row] == [(STOP, 17), (MARK, 21)]


def test_the_legend_names_only_what_is_there():
    spec = retention_lines(points_only(), NO_TYPICAL, 30, stops=[]).to_dict()

    legends = [layer["encoding"]["color"]["legend"]["values"] for layer in spec["layer"]]
    assert legends == [[VIEWERS]] * len(legends)


def test_repeat_plays_are_no_line_where_they_are_unknown():
    chart = retention_lines(points_only(), TYPICAL, 30, stops=[])

    assert line(chart, AGAIN) == []
    assert len(line(chart, VIEWERS)) == 3


def test_without_a_length_the_axis_is_in_percent():
    curve = points_only().assign(second=float("nan"))

    chart = retention_lines(curve, TYPICAL, None, stops=[])

    assert [at for at, _percent in line(chart, VIEWERS)] == pytest.approx([0, 100 / 3, 200 / 3])
    assert chart.to_dict()["layer"][0]["encoding"]["x"]["scale"]["domain"] == [0, 100]


@pytest.mark.parametrize("length", [1, 9, 60, 361, 1391, 5400, 86_400, 2_147_483_647])
def test_there_are_a_few_ticks_whatever_the_length(length):
    spec = retention_lines(a_curve(length=length), TYPICAL, length, stops=[]).to_dict()

    ticks = spec["layer"][0]["encoding"]["x"]["axis"]["values"]
    assert 1 <= len(ticks) <= 9
    assert ticks[-1] <= length


def test_the_strip_covers_the_video_and_shows_plays_per_viewer():
    cells = drawn(engagement_strip(a_curve(), 30))

    assert [cell["plays_per_viewer"] for cell in cells] == [1, 1.2, 0.4]
    assert (cells[0]["at"], cells[-1]["until"]) == (0, 30)


def test_the_strip_stands_below_the_curve():
    curve = retention_lines(a_curve(), TYPICAL, 30, stops=[]).to_dict()["layer"][0]["encoding"]
    strip = engagement_strip(a_curve(), 30).to_dict()["encoding"]

    assert curve["x"]["scale"] == strip["x"]["scale"]
    for axis in (curve["y"]["axis"], strip["y"]["axis"]):
        assert (axis["minExtent"], axis["maxExtent"]) == (AXIS_EXTENT, AXIS_EXTENT)
