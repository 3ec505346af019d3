"""Long texts, cut where they do not differ."""

from hypothesis import given
from hypothesis import strategies as some

from rules.excerpts import excerpt, excerpts
from rules.visible import visible_line

LONG = "Which of these statements about a loop over the items of a list is "


def test_short_texts_stay_as_they_are() -> None:
    assert excerpts(["once", "twice"], 40) == ["once", "twice"]


def test_a_long_text_alone_is_cut_at_its_end() -> None:
    assert excerpts([LONG, "once"], 20) == ["Which of these stat…", "once"]
    assert excerpt("a\nb", 20) == "a b"


def test_texts_that_differ_at_their_end_show_the_end() -> None:
    assert excerpts([LONG + "true?", LONG + "false?"], 40) == [
        "Which of thes…st is true?",
        "Which of thes…st is false?",
    ]


def test_three_of_which_two_differ_only_later() -> None:
    shown = excerpts([LONG + "true" * 50 + "!", LONG + "true" * 50 + "?", LONG + "false"], 40)

    assert len(set(shown)) == 3


@given(some.lists(some.text(alphabet="ab ", min_size=0, max_size=120), max_size=5))
def test_texts_that_differ_look_different_and_none_is_too_long(texts: list[str]) -> None:
    shown = excerpts(texts, 12)

    assert len(set(shown)) == len({visible_line(text) for text in texts})
    assert all(len(one) <= 12 for one in shown)
