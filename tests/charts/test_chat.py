"""The charts of the questions page: what is drawn, and in which order."""

import pandas as pd

from charts.chat import BAD, GOOD, UNRATED, questions_line, satisfaction_donut
from charts.timeline import BEFORE, THIS


def drawn(chart):
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


def two_days_twice():
    days = pd.to_datetime(["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"])
    return pd.DataFrame(
        {
            "activity_date": days,
            "shown_at": [*days[2:], *days[2:]],
            "window": ["previous", "previous", "this", "this"],
            "questions": [4, 0, 2, 3],
        }
    )


def test_both_periods_stand_over_the_same_days():
    rows = drawn(questions_line(two_days_twice()))

    assert [(row["series"], row["shown_at"][:10], row["questions"]) for row in rows] == [
        (BEFORE, "2026-03-03", 4),
        (BEFORE, "2026-03-04", 0),
        (THIS, "2026-03-03", 2),
        (THIS, "2026-03-04", 3),
    ]


def test_the_period_before_is_dashed_and_lies_behind():
    before, now = questions_line(two_days_twice()).to_dict()["layer"]

    assert before["mark"]["strokeDash"]
    assert "strokeDash" not in now["mark"]


def test_the_ring_goes_round_in_the_order_of_its_legend():
    spec = satisfaction_donut(good=5, bad=2, unrated=9).to_dict()

    rows = sorted(drawn(satisfaction_donut(good=5, bad=2, unrated=9)), key=lambda row: row["place"])
    assert [(row["rating"], row["questions"]) for row in rows] == [(GOOD, 5), (BAD, 2), (UNRATED, 9)]
    assert spec["encoding"]["order"]["field"] == "place"
    assert spec["encoding"]["color"]["sort"] == [GOOD, BAD, UNRATED]


def test_the_ring_is_not_cut_by_its_box():
    spec = satisfaction_donut(good=1, bad=0, unrated=0).to_dict()

    assert 2 * spec["mark"]["outerRadius"] <= spec["height"] - 100  # the legend and its distance
