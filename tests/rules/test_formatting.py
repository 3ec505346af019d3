"""How numbers are written."""

import pytest

from rules.formatting import grouped, in_full, percent, percent_of_people


@pytest.mark.parametrize(
    ("value", "expected"),
    [(75, "75%"), (74.5, "75%"), (-2.5, "-3%"), (1200, "1,200%"), (None, "-"), (float("nan"), "-")],
)
def test_a_percentage_has_no_space_and_an_unknown_one_is_a_dash(value: float | None, expected: str) -> None:
    assert percent(value) == expected


@pytest.mark.parametrize(("value", "expected"), [(99.6, "99%"), (100, "100%"), (98.5, "99%"), (None, "-")])
def test_one_hundred_percent_of_people_is_everybody(value: float | None, expected: str) -> None:
    assert percent_of_people(value) == expected


def test_a_number_in_full_keeps_its_places_and_a_grouped_one_is_whole() -> None:
    assert [in_full(number) for number in (1200, 0.83, 1234.5, 2.0)] == ["1,200", "0.83", "1,234.5", "2.0"]
    assert [grouped(number) for number in (1200, 0.83)] == ["1,200", "1"]
