"""Rates in whole percent, and how figures change."""

import pandas as pd
import pytest

from queries.periods.changes import change_in_words, change_of_mean, change_percent, change_points
from rules.formatting import whole_rate


@pytest.mark.parametrize(
    ("rate", "shown"), [(0, 0), (0.4, 0), (49.5, 50), (98.5, 99), (99.4, 99), (99.5, 99), (99.999, 99), (100, 100)]
)
def test_a_rate_is_all_only_where_it_is_everybody(rate, shown):
    assert whole_rate(rate) == shown


@pytest.mark.parametrize(
    ("now", "before", "percent", "points"),
    [(63, 60, 5, 3), (60, 63, -5, -3), (50, 0, None, 50), (0, 50, -100, -50), (None, 5, None, None), (60.5, 60, 1, 1)],
)
def test_a_count_changes_in_percent_and_a_rate_in_points(now, before, percent, points):
    assert (change_percent(now, before), change_points(now, before)) == (percent, points)


def test_a_mean_of_two_windows_changes_in_points():
    days = pd.DataFrame({"window": ["previous", "previous", "this"], "sum": [0.5, 0.7, 0.63], "count": [1, 1, 1]})

    assert change_of_mean(days, "sum", "count", whole=1) == 3
    assert change_of_mean(days[days["window"] == "this"], "sum", "count", whole=1) is None


@pytest.mark.parametrize(
    ("change", "unit", "said"),
    [(3, "points", "+3 points"), (-1, "points", "-1 point"), (0, "points", "+0 points"), (1200, "percent", "+1,200%")],
)
def test_a_change_says_what_it_counts(change, unit, said):
    assert change_in_words(change, unit) == said
