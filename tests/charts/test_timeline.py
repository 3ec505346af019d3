"""Additions to the figures of days: the running day drawn separately, the compared days, what happened."""

import json
from datetime import date
from typing import Any

import pandas as pd
import pytest

from charts.chat import questions_line
from charts.engagement import daily_active_users_line, learning_activity_bars
from charts.quizzes import pass_rate_line
from charts.timeline import BEFORE, KINDS, THIS, Timeline
from reports.chart_files import chart_pdf
from tests.charts.test_engagement import DAYS, four_days

TODAY = date(2026, 3, 2)
HAPPENED = pd.DataFrame(
    {
        "day": pd.to_datetime(["2026-03-01", "2026-03-02", "2026-03-02"]).as_unit("us"),
        "kind": list(KINDS),
        "title": ["Loops", "News\nof May", "Spring"],
        "href": ["video?id=1", "announcement?id=2", ""],
    }
)


def charts(about: Timeline) -> dict[str, dict[str, Any]]:
    days = four_days().assign(questions=[1, 2, 3, 4])
    results = days.assign(attempts=[2, 0, 2, 4], passed=[1, 0, 1, 1])
    drawn = {
        "line": daily_active_users_line(days, about),
        "bars": learning_activity_bars(days, about),
        "questions": questions_line(days, about),
        "rate": pass_rate_line(results, "Day", about),
    }
    return {name: json.loads(chart.to_json()) for name, chart in drawn.items()}  # checked against the schema


ALL = ("line", "bars", "questions", "rate")


@pytest.mark.parametrize("name", ALL)
def test_without_anything_to_add_a_chart_is_what_it_was(name: str) -> None:
    assert charts(Timeline())[name] == charts(Timeline(markers=HAPPENED.head(0)))[name]
    assert "is_running" not in json.dumps(charts(Timeline())[name])


@pytest.mark.parametrize("name", ["line", "questions", "rate"])
def test_the_running_day_is_no_part_of_the_line(name: str) -> None:
    spec = charts(Timeline(running=TODAY))[name]

    rows = {row["activity_date"][:10]: row for data in spec["datasets"].values() for row in data}
    running = [day for day, row in rows.items() if row["is_running"]]
    assert running == ["2026-03-02"]
    assert [day for day, row in rows.items() if row["is_last_step"]] == ["2026-03-01", "2026-03-02"]
    filters = [json.dumps(layer.get("transform", "")) for layer in spec["layer"]]
    assert sum('"datum.is_last_step"' in one for one in filters) == 1
    assert sum('"datum.is_running"' in one for one in filters) == 1
    whole = [layer for layer, one in zip(spec["layer"], filters, strict=True) if "!" in one and "is_running" in one]
    assert "line" in {layer["mark"]["type"] for layer in whole}
    assert "so far" in json.dumps(spec)


def test_the_bar_of_the_running_day_is_paler() -> None:
    spec = charts(Timeline(running=TODAY))["bars"]

    assert spec["encoding"]["opacity"]["condition"]["test"] == "datum.is_running"
    assert spec["encoding"]["opacity"]["condition"]["value"] < spec["encoding"]["opacity"]["value"] == 1
    assert "so far" in json.dumps(spec["transform"])


def test_a_week_that_is_not_over_is_apart_too() -> None:
    weeks = pd.DataFrame(
        {
            "activity_date": pd.to_datetime(["2026-02-16", "2026-02-23", "2026-03-02"]),
            "window": "this",
            "attempts": [4, 0, 2],
            "passed": [2, 0, 2],
        }
    )

    spec = pass_rate_line(weeks, "Week from", Timeline(running=date(2026, 3, 4))).to_dict()

    (rows,) = spec["datasets"].values()
    assert [row["is_running"] for row in rows] == [False, False, True]
    assert [row["is_last_step"] for row in rows] == [True, False, True]


@pytest.mark.parametrize("name", ALL)
def test_what_happened_is_marked_and_a_click_leads_there(name: str) -> None:
    spec = charts(Timeline(running=TODAY, markers=HAPPENED))[name]

    rule, sign = spec["layer"][-2:]
    assert (rule["mark"]["type"], sign["mark"]["type"]) == ("rule", "point")
    assert sign["encoding"]["href"] == {"field": "href", "type": "nominal"}
    marked = spec["datasets"][sign["data"]["name"]]
    assert [(row["kind"], row["title"], row["href"]) for row in marked] == [
        ("Video changed", "Loops", "video?id=1"),
        ("Mail sent", "News of May", "announcement?id=2"),
        ("Run started", "Spring", ""),
    ]
    assert spec["usermeta"]["embedOptions"]["loader"]["target"] == "_self"
    assert "://" not in json.dumps({key: value for key, value in spec.items() if key != "$schema"})


def test_in_a_chart_by_weeks_a_mark_stands_at_its_week() -> None:
    weeks = pd.DataFrame(
        {
            "activity_date": pd.to_datetime(["2026-02-23", "2026-03-02"]),
            "window": "this",
            "attempts": [4, 2],
            "passed": [2, 2],
        }
    )

    spec = pass_rate_line(weeks, "Week from", Timeline(markers=HAPPENED)).to_dict()

    marked = spec["datasets"][spec["layer"][-1]["data"]["name"]]
    assert [row["label"] for row in marked] == ["23 Feb", "2 Mar", "2 Mar"]
    assert {tuple(layer["encoding"]["x"]["sort"]) for layer in spec["layer"]} == {("23 Feb", "2 Mar")}


def test_the_compared_days_bear_their_name() -> None:
    for name in ("line", "questions"):
        spec = charts(Timeline(compared="Spring"))[name]
        series = {row["series"] for data in spec["datasets"].values() for row in data}
        assert series == {THIS, "Spring"}
        assert BEFORE not in json.dumps(spec)


def test_a_chart_with_everything_can_be_drawn_on_paper() -> None:
    drawn = daily_active_users_line(four_days(), Timeline("Spring", TODAY, HAPPENED))

    assert chart_pdf(drawn, "everything").result().startswith(b"%PDF")


def test_the_days_are_those_of_the_other_tests() -> None:
    assert DAYS[-1].date() == TODAY
