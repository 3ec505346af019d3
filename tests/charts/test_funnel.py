"""The chart of the funnel: course order, figures, and where the drop is."""

from uuid import uuid4

import pandas as pd
import pytest

from charts.funnel import AS_USUAL, DROP, MANY_VIDEOS, funnel_bars


def steps(reached, titles=None):
    count = len(reached)
    return pd.DataFrame(
        {
            "place": range(1, count + 1),
            "video_id": [uuid4() for _ in reached],
            "title": titles or [f"Knot {place}" for place in range(1, count + 1)],
            "reached": reached,
            "started": reached,
            "completed": 0,
            "stuck": 0,
        }
    )


def drawn(chart):
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


def test_bars_keep_the_order_of_the_course():
    chart = funnel_bars(steps([9, 7, 7], ["Zebra", "Apple", "Mango"]))

    assert [(row["label"], row["reached"]) for row in drawn(chart)] == [
        ("1. Zebra", 9),
        ("2. Apple", 7),
        ("3. Mango", 7),
    ]
    assert all(layer["encoding"]["y"]["sort"] is None for layer in chart.to_dict()["layer"])


def test_two_videos_of_one_title_are_two_bars():
    rows = drawn(funnel_bars(steps([9, 7], ["Loops", "Loops"])))

    assert len({row["label"] for row in rows}) == 2


def test_only_the_bar_before_the_drop_stands_out():
    chart = funnel_bars(steps([9, 7, 2]), drop_place=2)

    assert [row["series"] for row in drawn(chart)] == [AS_USUAL, DROP, AS_USUAL]
    assert chart.to_dict()["layer"][0]["encoding"]["color"]["legend"]["values"] == [DROP]


def test_without_a_drop_there_is_no_legend():
    bars = funnel_bars(steps([1, 1])).to_dict()["layer"][0]

    assert bars["encoding"]["color"]["legend"] is None


@pytest.mark.parametrize(("videos", "stands"), [(MANY_VIDEOS, False), (MANY_VIDEOS + 1, True)])
def test_a_long_course_stands_upright(videos, stands):
    spec = funnel_bars(steps([5] * videos)).to_dict()

    assert ("encoding" in spec and spec["encoding"]["x"]["field"] == "place") is stands


def test_ids_do_not_reach_the_browser():
    assert all("video_id" not in row for row in drawn(funnel_bars(steps([3, 2]))))
