"""No cell of a CSV file begins a formula, and a reader gets every text back."""

import csv
import io
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reports.exports.formulas import formula_safe, formula_safe_cells, unmarked
from tests.reports.exports.hostile import STARTERS, hostile_texts

SEPARATORS = ",;\t|"


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet that strips all invisible characters takes the cell for a formula."""
    seen = "".join(character for character in cell if not _cannot_be_seen(character))
    return seen[:1] in tuple("=+-@＝＋－＠﹦﹢﹣﹫−")


def _cannot_be_seen(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")


@given(st.text())
@example("'=1")
@example("''")
@example(";'")
def test_a_reader_gets_the_text_back(text: str) -> None:
    assert unmarked(formula_safe(text)) == text


@given(st.text(alphabet=STARTERS + ";\t\r\n \u200b\ufeffab'"))
def test_no_text_begins_a_formula(text: str) -> None:
    assert not is_formula(formula_safe(text))


def test_ten_thousand_hostile_texts_begin_no_formula_at_any_separator() -> None:
    safe = [formula_safe(text) for text in hostile_texts()]

    cells = [cell for text in safe for cell in re.split("[;\t\r\n]", text)]
    assert [cell for cell in cells if is_formula(cell)] == []
    assert [unmarked(text) for text in safe] == hostile_texts()


@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_spreadsheet_of_another_country_finds_no_formula_either(separator: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([["Ada", formula_safe(f"a{glue}=1+1")] for glue in ("", ";", "\t", "\n", "\r\n")])

    for row in csv.reader(io.StringIO(written.getvalue(), newline=""), delimiter=separator):
        assert not any(is_formula(cell) for cell in row)


@pytest.mark.parametrize("text", ["Ada Moss", "a = b", "why - because", "1+1", "it's", "", "a-b;c", "x@example.org"])
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert formula_safe(text) == text
    assert formula_safe_cells([text, None]) == [text, None]


def test_every_character_that_cannot_be_seen_is_looked_through() -> None:
    hidden = [chr(code) for code in range(1, 0x110000) if _cannot_be_seen(chr(code)) and not 0xD800 <= code <= 0xDFFF]

    assert [f"{ord(character):x}" for character in hidden if formula_safe(f"{character}=1")[:1] != "'"] == []


def test_cells_are_made_safe_one_by_one() -> None:
    assert formula_safe_cells(["Ada", None, "=1", ""]) == ["Ada", None, "'=1", ""]
