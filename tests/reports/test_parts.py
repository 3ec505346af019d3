"""Where an error of a renderer comes from."""

import pytest

from reports.parts import place_of, rendering


def test_parts_are_told_from_the_smallest_to_the_whole_and_each_once() -> None:
    with pytest.raises(ZeroDivisionError) as failure, rendering("the report"), rendering("a page"), rendering("a page"):
        print(1 / 0)

    assert place_of(failure.value) == "while rendering a page, the report"


def test_notes_of_others_stay_out() -> None:
    error = ValueError("x")
    error.add_note("Ada Moss wrote this")

    assert place_of(error) == ""
