"""How much a figure changed: a count in percent, a rate in points, so that from 60% to 63% is +3 points."""

from typing import Literal

import pandas as pd

from rules.formatting import agreeing, round_half_up
from rules.sentences import figure

Unit = Literal["percent", "points"]


def change_percent(current: float | None, previous: float | None) -> int | None:
    """The change from the previous figure in whole percent; None if there is none."""
    if current is None or not previous:
        return None
    return round_half_up(100 * (current - previous) / previous)


def change_points(current: float | None, previous: float | None) -> int | None:
    """How many percentage points a rate moved, in whole ones; None without a rate on either side."""
    if current is None or previous is None:
        return None
    return round_half_up(float(current) - float(previous))


@figure
def change_in_words(change: int, unit: Unit) -> str:
    """Such as "+12%" or "-1 point"."""
    if unit == "percent":
        return f"{change:+,}%"
    return f"{change:+,} {agreeing(abs(change), 'point', 'points')}"


def share_percent(part: float, whole: float) -> int | None:
    """A share in whole percent; None if the whole is 0."""
    return round_half_up(100 * part / whole) if whole else None


def change_of_mean(days: pd.DataFrame, total: str, count: str, whole: float = 100) -> int | None:
    """How many points total / count changed between the two windows of a daily frame, each over all its days.

    `whole` is what counts as 100%. None if either window has nothing to divide by.
    """
    sums = days.groupby("window")[[total, count]].sum()
    means = (sums[total] / sums[count].where(sums[count] > 0)).to_dict()
    known = {window: 100 * float(mean) / whole for window, mean in means.items() if mean == mean}
    return change_points(known.get("this"), known.get("previous"))


def change_of_sum(days: pd.DataFrame, column: str) -> int | None:
    """The change of a column's sum between the two windows of a daily frame."""
    sums = days.groupby("window")[column].sum()
    return change_percent(float(sums.get("this", 0)), float(sums.get("previous", 0)))
