"""What follows from behaviour: progress per video, and points, level and streak per student."""

import numpy as np
import pandas as pd

from database.demo.rhythm import Ints
from database.demo.watching import COMPLETED_SHARE, Viewings

POINTS = {"started": 10, "completed": 40, "passed": 25, "asked": 2}


def progress(watched: Viewings, runs: pd.DataFrame) -> pd.DataFrame:
    """One row per viewing with playback, in its order.

    Columns: viewing, first_at, last_at (starts of the first and last run), seconds (played, with
    repeats), percent (of the video's different seconds; cut to two decimals), completed.
    """
    by_viewing = runs.groupby("viewing")
    table = pd.DataFrame(
        {
            "first_at": by_viewing["at"].min(),
            "last_at": by_viewing["at"].max(),
            "seconds": (runs["end"] - runs["start"]).groupby(runs["viewing"]).sum(),
            "different_seconds": _different_seconds(runs),
        }
    ).reset_index()
    duration = watched.duration[table["viewing"]]
    table["percent"] = table["different_seconds"] * 10_000 // duration / 100
    table["completed"] = table["different_seconds"] >= COMPLETED_SHARE * duration
    return table


def _different_seconds(runs: pd.DataFrame) -> "pd.Series[int]":
    """Seconds of the video played at least once, per viewing."""
    ordered = runs.sort_values(["viewing", "start", "end"])
    before = ordered.groupby("viewing")["end"].cummax().groupby(ordered["viewing"]).shift(fill_value=0)
    fresh = ordered["end"] - np.maximum(ordered["start"], before)
    different: pd.Series[int] = fresh.clip(lower=0).groupby(ordered["viewing"]).sum()
    return different


def points(started: Ints, completed: Ints, passed: Ints, asked: Ints, watched_seconds: Ints) -> Ints:
    """Experience points of students; a minute watched is one more."""
    return (
        POINTS["started"] * started
        + POINTS["completed"] * completed
        + POINTS["passed"] * passed
        + POINTS["asked"] * asked
        + watched_seconds // 60
    )


def levels(points: Ints) -> Ints:
    """Level 2 from 100 points, level 3 from 400, level 4 from 900, …"""
    return 1 + np.floor(np.sqrt(points / 100)).astype(np.int64)


def streaks(student: Ints, day: Ints, today: int, students: int) -> Ints:
    """Days in a row with an activity, up to today or yesterday; one entry per student."""
    days = pd.DataFrame({"student": student, "day": day}).drop_duplicates().sort_values(["student", "day"])
    gaps = days.groupby("student")["day"].diff().ne(1)
    stretch = gaps.cumsum()
    summed = days.groupby(["student", stretch.rename("stretch")])["day"].agg(["size", "max"]).reset_index("stretch")
    running = summed.loc[summed["max"] >= today - 1, "size"]
    return running.reindex(range(students), fill_value=0).to_numpy(np.int64)
