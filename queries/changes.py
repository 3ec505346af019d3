"""How much a figure changed."""

import pandas as pd


def change_percent(current: float | None, previous: float | None) -> int | None:
    """The change against the previous figure in whole percent; None against nothing."""
    if current is None or not previous:
        return None
    return round_half_up(100 * (current - previous) / previous)


def share_percent(part: float, whole: float) -> int | None:
    """A share in whole percent; None of nothing."""
    return round_half_up(100 * part / whole) if whole else None


def whole_rate(percent: float) -> int:
    """A rate in whole percent: 100 only where it is everybody, not by rounding."""
    return 99 if 99 < percent < 100 else round_half_up(percent)


def round_half_up(value: float) -> int:
    """The nearest whole number; halves go away from zero, as in PostgreSQL and on paper."""
    return int(abs(value) + 0.5) * (1 if value >= 0 else -1)


def change_of_mean(days: pd.DataFrame, total: str, count: str) -> int | None:
    """The change of total / count between the two windows of a daily frame, each the mean over its days together.

    None where either window has nothing to divide by.
    """
    sums = days.groupby("window")[[total, count]].sum()
    means = (sums[total] / sums[count].where(sums[count] > 0)).to_dict()
    known = {window: mean for window, mean in means.items() if mean == mean}
    return change_percent(known.get("this"), known.get("previous"))


def change_of_sum(days: pd.DataFrame, column: str) -> int | None:
    """The change of a column's sum between the two windows of a daily frame."""
    sums = days.groupby("window")[column].sum()
    return change_percent(float(sums.get("this", 0)), float(sums.get("previous", 0)))
