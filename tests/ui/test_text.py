"""Text from people inside Markdown. How a browser shows it is tested in tests/browser."""

import pytest

from ui.shared.text import APART, e_mail_link, plain


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("Ada Moss", "Ada Moss"),
        ("Léa O'Neil", "Léa O'Neil"),
        ("**bold**", r"\*\*bold\*\*"),
        ("$x$", r"\$x\$"),
        ("![x](y)", r"\!\[x\]\(y\)"),
        ("<b>", r"\<b\>"),
        ("a\\b", r"a\\b"),
        ("  two\n# lines\t", r"two \# lines"),
        ("", ""),
    ],
)
def test_every_special_character_is_escaped_and_the_text_is_one_line(text: str, escaped: str) -> None:
    assert plain(text) == escaped


@pytest.mark.parametrize(
    "text",
    ["www.evil.example", "https://evil.example", "a@evil.example", ":material/home:", ":smile:", ":+1:", "a -> b"],
)
def test_what_would_be_replaced_after_the_escapes_is_broken_by_an_element_without_content(text: str) -> None:
    shown = plain(text)

    assert APART in shown
    assert shown.replace(APART, "").replace("\\", "") == text


def test_the_direction_of_the_rest_of_the_line_cannot_be_turned() -> None:
    assert plain("abc\u202edef\u2066") == "abcdef"
    assert plain("שלום") == "שלום"


def test_an_e_mail_address_becomes_a_link_to_write_to_it() -> None:
    assert e_mail_link("ada.moss+x@example.org") == r"[ada\.moss\+x@example\.org](mailto:ada.moss+x@example.org)"


@pytest.mark.parametrize("text", ["nobody", "a@b", "a@b.c](javascript:alert(1))", "a b@c.d", "a@b.c?cc=x@y.z", "@", ""])
def test_what_is_no_address_is_shown_as_it_is(text: str) -> None:
    assert e_mail_link(text) == plain(text)
    assert "mailto" not in e_mail_link(text)


def test_no_character_is_added_that_would_be_copied() -> None:
    shown = plain("ada@example.org, https://example.org/a-b -> :smile:")

    assert all(character.isprintable() for character in shown)
