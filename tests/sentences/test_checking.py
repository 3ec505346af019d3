"""The checker finds what nobody recorded, wherever it is, and nothing else."""

import pytest

from tests.sentences.checking import unfounded
from ui.shared.text import plain


@pytest.mark.parametrize(
    "text",
    [
        "3 students",
        "Every student was active.",
        "a good rate",
        "NEVER seen",
        "2 of 13 students",
        "Loops 2",
        "12 students",
        "3.5 students",
    ],
)
def test_a_number_or_a_strong_word_is_found(text: str) -> None:
    assert [one.text for one in unfounded([text], ["2 of 3 students", "2 students", "5 students", "too"], ["Loops"])]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("**3 students** are away", "3 students"),
        (plain("2 of the 3 who reached “C++”"), "2 of the 3 who reached “C++”"),
        ("All of\nthem: 3 students", "them: 3\nstudents"),
        (":red-badge[:material/error: 3 students]", "3 students"),
        ("GOOD ANSWERS", "Good answers"),
        ("Ada &amp; Ben: 3%", "Ada & Ben: 3%"),
        ("see https://example.org/2026/every", ""),
        ("goodness, highly, everyone", ""),
    ],
)
def test_what_was_recorded_is_not_found_however_it_is_written(text: str, said: str) -> None:
    assert unfounded([text], [said]) == []


def test_the_longest_is_taken_away_first() -> None:
    assert unfounded(["2 of 3 students"], ["3 students", "2", "2 of 3 students"]) == []


def test_a_dash_for_nothing_takes_no_hyphen_away() -> None:
    (found,) = unfounded(["high-quality"], ["-"])

    assert found.left == "high-quality"


def test_what_people_wrote_is_no_claim() -> None:
    assert unfounded(["Never 3 again (2)"], ["2"], ["Never 3 again"]) == []
