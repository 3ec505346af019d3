"""The charts of activity: what they draw and from which columns."""

import json
from collections.abc import Callable
from typing import Any

import altair as alt
import pandas as pd
import pytest

from charts.engagement import (
    daily_active_users_line,
    has_playback,
    learning_activity_bars,
    peak_hours_bars,
)
from charts.timeline import BEFORE, THIS

DAYS = pd.date_range("2026-02-27", periods=4)
SCHEMA = alt.SCHEMA_URL


def test_the_line_shows_this_period_and_the_one_before_it() -> None:
    spec = daily_active_users_line(four_days()).to_dict()

    assert [layer["mark"]["type"] for layer in spec["layer"]] == ["line", "area", "line"]
    for layer in spec["layer"]:
        assert layer["encoding"]["x"]["field"] == "shown_at"
        assert layer["encoding"]["y"]["field"] == "active_students"
        assert layer["encoding"]["color"]["sort"] == [THIS, BEFORE]
    assert [row["series"] for row in rows(spec)] == [BEFORE, BEFORE, THIS, THIS]


def test_days_without_students_are_drawn_as_zero() -> None:
    assert [row["active_students"] for row in rows(daily_active_users_line(four_days()).to_dict())] == [2, 0, 0, 3]


def test_the_bars_show_the_minutes_of_this_period() -> None:
    spec = learning_activity_bars(four_days(watched_minutes=[9.0, 9.0, 0.0, 2.5])).to_dict()

    assert spec["encoding"]["y"]["field"] == "watched_minutes"
    assert spec["encoding"]["y"]["title"] == "Minutes watched"
    assert [row["watched_minutes"] for row in rows(spec)] == [0.0, 2.5]


def test_without_playback_the_bars_show_signs_of_life() -> None:
    days = four_days(watched_minutes=[0.0] * 4)

    spec = learning_activity_bars(days).to_dict()

    assert not has_playback(days)
    assert spec["encoding"]["y"]["field"] == "signs_of_life"
    assert [row["signs_of_life"] for row in rows(spec)] == [0, 7]


def test_all_24_hours_are_drawn_in_order() -> None:
    spec = peak_hours_bars(pd.DataFrame({"hour": range(24), "signs_of_life": [0] * 23 + [4]})).to_dict()

    assert [row["label"] for row in rows(spec)] == [f"{hour:02d}:00" for hour in range(24)]
    assert [row["signs_of_life"] for row in rows(spec)] == [0] * 23 + [4]


@pytest.mark.parametrize("chart", [daily_active_users_line, learning_activity_bars])
def test_a_chart_of_no_days_is_valid_and_empty(chart: Callable[[pd.DataFrame], Any]) -> None:
    assert rows(chart(four_days().head(0)).to_dict()) == []


def test_a_chart_of_no_hours_is_valid_and_empty() -> None:
    assert rows(peak_hours_bars(pd.DataFrame({"hour": [], "signs_of_life": []})).to_dict()) == []


def test_a_chart_names_no_address_but_its_schema() -> None:
    hours = pd.DataFrame({"hour": range(24), "signs_of_life": [1] * 24})
    for chart in (daily_active_users_line(four_days()), learning_activity_bars(four_days()), peak_hours_bars(hours)):
        spec = chart.to_dict()

        assert spec.pop("$schema") == SCHEMA
        assert "://" not in json.dumps(spec)


def test_a_chart_leaves_its_frame_as_it_was() -> None:
    days = four_days()
    before = days.copy()

    daily_active_users_line(days)
    learning_activity_bars(days)

    pd.testing.assert_frame_equal(days, before)


def rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    (found,) = spec["datasets"].values()
    return list(found)


def four_days(watched_minutes: list[float] | None = None) -> pd.DataFrame:
    """Two days of the period before, then two of this one; students were active on the first and the last."""
    return pd.DataFrame(
        {
            "activity_date": DAYS,
            "shown_at": [*DAYS[2:], *DAYS[2:]],
            "window": ["previous", "previous", "this", "this"],
            "active_students": [2, 0, 0, 3],
            "signs_of_life": [5, 0, 0, 7],
            "videos_watched": [1, 0, 0, 2],
            "watched_minutes": watched_minutes or [4.0, 0.0, 0.0, 6.0],
        }
    )
