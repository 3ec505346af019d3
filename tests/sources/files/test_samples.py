"""Odd files with known right answers, where they are at hand; the other tests make lines of the same shape."""

import pytest

from database.settings import PROJECT_DIR
from rules.errors import InputError
from sources.files.given import file_at
from tests.sources.files.made import read

SAMPLES = PROJECT_DIR.parent / "shared" / "data" / "samples"
SHAPES = {
    "made-semicolon-cp1252.csv": (5, 20, ";"),
    "made-semicolon-bom.csv": (5, 20, ";"),
    "made-tab-utf16.csv": (5, 20, "\t"),
    "made-sep-line-cp1252.csv": (2, 2, ";"),
    "made-preamble-and-total.csv": (3, 100, ","),
    "made-duplicate-header-ambiguous-dates.csv": (5, 40, ","),
    "made-odd.xlsx": (8, 3, None),
}

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not on this computer")


@pytest.mark.parametrize("name", SHAPES)
def test_columns_rows_and_separator(name) -> None:
    table, rows, refused = read(file_at(SAMPLES / name))
    assert (len(table.header), len(rows), table.separator, refused) == (*SHAPES[name], [])


def test_bad_lines() -> None:
    _, rows, refused = read(file_at(SAMPLES / "made-bad-lines.csv"))
    assert (len(rows), [one.line for one in refused]) == (298, [122, 202])
    assert ["250", "n250", "ten"] in [row[1:] for row in rows]  # a mapping refuses it


def test_open_quote() -> None:
    with pytest.raises(InputError, match="Line 102"):
        read(file_at(SAMPLES / "made-open-quote.csv"))
