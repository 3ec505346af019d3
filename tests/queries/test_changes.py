"""Rates in whole percent."""

import pytest

from queries.changes import whole_rate


@pytest.mark.parametrize(
    ("rate", "shown"), [(0, 0), (0.4, 0), (49.5, 50), (98.5, 99), (99.4, 99), (99.5, 99), (99.999, 99), (100, 100)]
)
def test_a_rate_is_all_only_where_it_is_everybody(rate, shown):
    assert whole_rate(rate) == shown
