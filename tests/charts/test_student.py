"""A student's strips, from the frames that the queries return."""

from typing import Any
from uuid import UUID

import pandas as pd

from charts.student import course_strip, watched_strips

LOOPS, LISTS = UUID(int=1), UUID(int=2)


def test_the_course_has_a_cell_per_video_in_order():
    spec = course_strip(a_course(["completed", "started", "not_started"])).to_dict()

    (cells,) = spec["datasets"].values()
    assert [(cell["place"], cell["state"]) for cell in cells] == [(1, "Completed"), (2, "Started"), (3, "Not started")]
    assert spec["encoding"]["x"]["scale"]["domain"] == [0, 3]


def test_a_thousand_videos_fit_into_one_chart():
    assert course_strip(a_course(["started"] * 1_000)).to_dict()


def test_stretches_are_placed_on_the_length_and_darker_when_played_again():
    cells = drawn(
        videos=[a_row(LOOPS, "Loops", 200, furthest=100, stopped=100)], ranges=[(LOOPS, 0, 50, 1), (LOOPS, 50, 100, 2)]
    )

    played = [cell for cell in cells if cell.get("series") == "Played"]
    assert [(cell["from"], cell["until"], cell["plays"]) for cell in played] == [(0, 25, 1), (25, 50, 2)]
    assert played[0]["shade"] < played[1]["shade"] <= 1
    assert [(cell["from"], cell["span"]) for cell in cells if cell.get("series") == "Stopped here"] == [(50, "1:40")]


def test_without_playback_the_strip_is_the_share_or_empty():
    cells = drawn(videos=[a_row(LOOPS, "Loops", 200, share=40), a_row(LISTS, "Loops", None)], ranges=[])

    assert [(cell["video"], cell["series"], cell["until"]) for cell in cells] == [
        ("1. Loops", "Not played", 100),
        ("2. Loops", "Not played", 100),
        ("1. Loops", "Watched share, seconds unknown", 40),
    ]


def test_a_length_that_is_unknown_or_too_short_is_what_was_played():
    for known in (None, 50):
        cells = drawn(videos=[a_row(LOOPS, "Loops", known, furthest=100)], ranges=[(LOOPS, 0, 100, 9)])

        assert [cell["until"] for cell in cells] == [100, 100]


def test_a_video_of_which_no_second_was_played_is_drawn():
    cells = drawn(videos=[a_row(LOOPS, "Loops", None, furthest=0, stopped=0)], ranges=[])

    assert [(cell["series"], cell["from"]) for cell in cells] == [("Not played", 0), ("Stopped here", 0)]


def drawn(videos: list[dict[str, Any]], ranges: list[tuple[UUID, int, int, int]]) -> list[dict[str, Any]]:
    """The marks of the chart, with strips before stops."""
    stretches = pd.DataFrame(ranges, columns=["video_id", "start_second", "end_second", "plays"])
    spec = watched_strips(pd.DataFrame(videos), stretches).to_dict()
    names = [layer["data"]["name"] for layer in spec["layer"]]
    return [cell for name in names for cell in spec["datasets"][name]]


def a_course(states: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"place": range(1, len(states) + 1), "title": "Loops", "state": states})


def a_row(
    video_id: UUID,
    title: str,
    duration: int | None,
    furthest: int | None = None,
    stopped: int | None = None,
    share: float | None = None,
) -> dict[str, Any]:
    return {
        "video_id": video_id,
        "title": title,
        "duration_seconds": duration,
        "furthest_second": furthest,
        "stopped_at_second": stopped,
        "watched_percent": share,
    }
