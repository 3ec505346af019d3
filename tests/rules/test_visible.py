"""The cleaning in front of every renderer."""

import json

import pytest

from rules.visible import visible, visible_line, visible_values
from tests.odd_text import ODD


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_nothing_that_a_renderer_ends_at_is_left(odd: str) -> None:
    shown = visible(f"a{odd}b")

    assert (shown[0], shown[-1]) == ("a", "b")
    assert shown[1:-1] in ("", " ", "\n", "\t", "\N{REPLACEMENT CHARACTER}")
    assert visible_line(f"a{odd}b") in ("ab", "a b", "a\N{REPLACEMENT CHARACTER}b")
    assert shown.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\x0btwo", "one\ntwo"),
        ("one\r\ntwo\rthree\x0cfour\u2028five", "one\ntwo\nthree\nfour\nfive"),
        ("tab\tstays", "tab\tstays"),
        ("a\x07b\x9fc", "a b c"),
        ("abc\u202edef\u2066", "abcdef"),
        ("half\ud83d", "half\N{REPLACEMENT CHARACTER}"),
        ("a\ufffeb\U0001fffec\ufdd0", "abc"),
        ("Zoë 漢字 שלום 🙂 👩🏽‍🚀 \u200b\ufeff", "Zoë 漢字 שלום 🙂 👩🏽‍🚀 \u200b\ufeff"),
        ("C++\u200f", "C++\u200f"),
        ("", ""),
    ],
)
def test_what_has_a_shape_stays(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_on_one_line_nothing_turns_it_around() -> None:
    assert visible_line(" a\x0b b\n\u200f\u061cc ") == "a b c"


def test_values_are_cleaned_wherever_they_stand() -> None:
    spec = {"data": [{"a\x0b": "b\ufffe", "n": 1.5, "is": True, "none": None}], "sort": ("c\x01",)}

    assert visible_values(spec) == {"data": [{"a\n": "b", "n": 1.5, "is": True, "none": None}], "sort": ["c "]}
    assert json.dumps(visible_values(spec)).encode()


def test_cleaning_twice_changes_nothing_more() -> None:
    everything = "".join(ODD)

    assert visible(visible(everything)) == visible(everything)
    assert visible_line(visible_line(everything)) == visible_line(everything)
