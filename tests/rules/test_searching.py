"""What a typed text finds, and in which order names stand."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.searching import LONGEST_KEY, LONGEST_WORD, is_found, name_key, search_text, typed_words

FORMS = ("NFC", "NFD", "NFKC", "NFKD")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("zoe", "Zoë"),
        ("Zoë", "Zoe\u0308"),
        ("STRASSE", "Straße"),
        ("straße", "Strasse"),
        ("O'Neil", "O’Neil"),
        ("o’n", "O`Neil"),
        ("oneil", "O'Neil"),
        ("neil", "O’Neil"),
        ("ada moss", "Ada\u00a0Moss"),
        ("mo a", "Ada Moss"),
        ("istanbul", "İstanbul"),
        ("irmak", "Irmak"),
        ("ırmak", "IRMAK"),
        ("soren", "Søren"),
        ("lukasz", "Łukasz"),
        ("μαρια", "ΜΑΡΊΑ"),
        ("νικος", "ΝΊΚΟΣ"),
        ("한국", unicodedata.normalize("NFD", "한국어")),
        ("ａｄａ", "Ada"),
        ("office", "oﬃce"),
        ("co\u00adop", "Coop"),
        ("١٢", "Lesson 12"),
        ("anna-le", "Anna Lena"),
        ("か\u3099", "がく"),
    ],
)
def test_what_looks_the_same_is_found(typed: str, name: str) -> None:
    assert is_found(typed, name)


@pytest.mark.parametrize(("typed", "name"), [("oss", "Moss"), ("ada ben", "Ada"), ("", "Ada"), ("%", "%")])
def test_what_is_another_word_is_not_found(typed: str, name: str) -> None:
    assert not is_found(typed, name)


def test_a_mark_that_makes_another_letter_stays() -> None:
    assert name_key("か") != name_key("が")
    assert name_key("कि") != name_key("क")


def test_names_stand_as_in_a_register() -> None:
    names = ["Zoe", "Ömer", "Álvarez", "alva", "Øyvind", "O’Neil", "Olga", "Anna B", "Annabel", "Ł"]

    ordered = sorted(names, key=name_key)

    assert ordered == ["alva", "Álvarez", "Anna B", "Annabel", "Ł", "Olga", "Ömer", "O’Neil", "Øyvind", "Zoe"]


# An acute accent that stands alone, which people type as an apostrophe; taken apart it is a space with an accent.
@given(st.text(st.characters(exclude_characters="\u00b4\u1ffd", exclude_categories=["Cs"])))
def test_every_form_of_a_text_is_the_same(text: str) -> None:
    """Composed or not, and however often it is read again."""
    assert len({name_key(unicodedata.normalize(form, text)) for form in FORMS}) == 1
    assert name_key(name_key(text)) == name_key(text)


def test_long_texts_are_cut() -> None:
    assert len(name_key("a" * 5_000)) == LONGEST_KEY
    assert search_text("a" * 5_000) == " " + "a" * LONGEST_WORD
    assert is_found("a" * 90, "a" * 60)


def test_the_longest_word_comes_first() -> None:
    assert typed_words("li Gmail li anna") == ("gmail", "anna", "li")
