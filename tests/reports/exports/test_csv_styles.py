"""CSV for the spreadsheets of every country: the same values come back, and no cell is a formula."""

import csv
import io
from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from reports.exports.csv_file import write_csv
from reports.exports.table import About, Column, Table, in_one_batch
from rules.errors import InputError
from rules.export_rules import DECIMAL_MARKS, ENCODINGS, RFC_4180, SEPARATORS, CsvStyle
from tests.reports.exports.hostile import hostile_texts
from tests.reports.exports.opened import csv_rows
from tests.reports.exports.test_formulas import is_formula

STYLES = [CsvStyle(*each) for each in product(SEPARATORS, DECIMAL_MARKS, ENCODINGS)]
NOW = datetime(2026, 3, 4, 13, 5, tzinfo=UTC)
TEXTS = [*hostile_texts()[::7], "a,=1+1", "1,5", "Zo\u00eb \U0001f600", "007"]
NUMBERS = [0, -2.25, 1234567.5, None, 1e-05, 10**15]
COLUMNS = (
    Column("name", "Name, =x", "text", "A text."),
    Column("number", "Number", "number", "A number."),
    Column("id", "Id", "id", "An id."),
    Column("at", "At", "instant", "An instant."),
    Column("is_it", "Is it", "boolean", "A truth."),
)


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_reading_the_file_back_gives_the_same_values(style: CsvStyle) -> None:
    titles, *rows = csv_rows(written(style), style)

    mark = DECIMAL_MARKS[style.decimal_mark]
    assert titles == ["Name, =x", "Number", "Id", "At (Asia/Kolkata)", "Is it"]
    assert [row[0] for row in rows] == TEXTS
    assert [number_of(row[1], mark) for row in rows] == numbers()
    assert {row[2] for row in rows} == {"1e5.2"}
    assert {row[3] for row in rows} == {"2026-03-04 13:05:00"}
    assert [row[4] for row in rows] == ["TRUE" if place % 2 else "FALSE" for place in range(len(TEXTS))]


@pytest.mark.parametrize("style", STYLES, ids=str)
@pytest.mark.parametrize("separator", SEPARATORS.values())
def test_no_cell_is_a_formula_whatever_a_spreadsheet_takes_for_the_separator(style: CsvStyle, separator: str) -> None:
    text = written(style).decode("utf-16" if style.encoding == "utf-16" else "utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]

    assert [cell for cell in cells if is_formula(cell) and not is_number(cell)] == []


def test_the_usual_file_is_the_one_of_rfc_4180() -> None:
    assert written(RFC_4180).startswith(b'\xef\xbb\xbf"Name, =x",Number,Id,At (Asia/Kolkata),Is it\r\n')
    assert written(CsvStyle("semicolon", "comma", "utf-8")).startswith(b"Name,'")
    assert written(CsvStyle("tab", "comma", "utf-16")).startswith(b'\xff\xfe"\x00N\x00a\x00')


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"separator": "pipe"}, 'separator is "pipe"; choose one of comma, semicolon, tab'),
        ({"decimal_mark": "dot"}, 'decimal_mark is "dot"; choose one of point, comma'),
        ({"encoding": "latin-1"}, 'encoding is "latin-1"; choose one of utf-8-bom, utf-8, utf-16'),
    ],
)
def test_what_is_not_offered_is_named(chosen: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        CsvStyle(**chosen)


def written(style: CsvStyle) -> bytes:
    target = io.BytesIO()
    count = len(TEXTS)
    truths = [place % 2 == 1 for place in range(count)]
    batch = [TEXTS, numbers(), ["1e5.2"] * count, [NOW] * count, truths]
    about = About("Mira Vale", ZoneInfo("Asia/Kolkata"), NOW, None, 0)
    write_csv(Table("Texts", COLUMNS, in_one_batch(batch), count, about), target, style)
    return target.getvalue()


def numbers() -> list[float | None]:
    return [NUMBERS[place % len(NUMBERS)] for place in range(len(TEXTS))]


def number_of(cell: str, mark: str) -> float | None:
    return float(cell.replace(mark, ".")) if cell else None


def is_number(cell: str) -> bool:
    return cell.replace(",", "").replace(".", "").lstrip("-").replace("e-", "").isdigit()
