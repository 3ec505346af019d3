"""Excel workbooks: typed cells, written row by row; data never becomes a formula or a link."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from tempfile import TemporaryDirectory
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from database.scratch import scratch_folder
from reports.exports.table import Batch, Kind, Table
from rules.errors import InputError
from rules.formatting import grouped

MOST_ROWS = 1_048_575  # of a sheet, below the title row
MOST_UNITS = 32_767  # of a cell: UTF-16, so most emoji take two
CUT = " … [cut: {characters} characters in all; the CSV and JSON exports have every one]"
WIDTHS = {"text": 24, "id": 12, "number": 14, "boolean": 11, "instant": 20}

# Characters XML cannot hold are written as _x0001_; so an underscore before such text is written as _x005F_.
NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
LIKE_AN_ESCAPE = re.compile("_(?=x[0-9a-fA-F]{4}_)")

LINE, MOST_LINES = 15, 12  # points, the height of a line; of a row
A4 = 9
INSTANT = "yyyy-mm-dd hh:mm:ss"

SAFE_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    "remove_timezone": True,
}


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet: its title, the kind of its cells, its width in characters and their look."""

    title: str
    kind: Kind
    width: int
    number_format: str = ""
    is_wrapped: bool = False

    @property
    def look(self) -> dict[str, Any]:
        formatted = {"num_format": self.number_format} if self.number_format else {}
        return {"valign": "top"} | formatted | ({"text_wrap": True} if self.is_wrapped else {})


class PlainSheet(Worksheet):  # type: ignore[misc]
    """A sheet on which text is text.

    XlsxWriter treats text between <r> and </r> as its own markup and does not escape it; and of
    two escapes that share an underscore, typed by somebody, it escapes only the first.
    """

    def _xml_rich_inline_string(self, string: str, attributes: Sequence[Any] = ()) -> None:
        self._xml_inline_string(string, True, attributes)

    @staticmethod
    def _escape_control_characters(data: Any) -> Any:
        if not isinstance(data, str):
            return data
        return NOT_IN_XML.sub(_escape, LIKE_AN_ESCAPE.sub("_x005F_", data))

    def write_batch(self, first_row: int, columns: Sequence[SheetColumn], batch: Batch, instant: Format) -> None:
        """Write the batch below `first_row`, each cell by its column's type, not by its content.

        Calls the functions behind write_string and the like: their argument checks are not needed here and
        would take a fifth of the time.
        """
        writers = {
            "text": self._write_string,
            "id": self._write_string,
            "number": self._write_number,
            "boolean": self._write_boolean,
            "instant": lambda row, place, cell: self._write_datetime(row, place, cell, instant),
        }
        chosen = [(writers[column.kind], place) for place, column in enumerate(columns)]
        cells = [_prepared(column, cells) for column, cells in zip(columns, batch, strict=True)]
        for row, values in enumerate(zip(*cells, strict=True), first_row):
            for (write, place), value in zip(chosen, values, strict=True):
                if value is not None:
                    write(row, place, value)


@contextmanager
def safe_workbook(target: IO[bytes]) -> Iterator[Workbook]:
    """A workbook without formulas; its temporary parts are in the data folder, never in a shared one."""
    with (
        TemporaryDirectory(dir=scratch_folder()) as folder,
        Workbook(target, SAFE_OPTIONS | {"tmpdir": folder}) as workbook,
    ):
        yield workbook


def write_xlsx(table: Table, target: IO[bytes]) -> None:
    """One sheet: a frozen title row with filters, then the rows.

    Raises InputError for more rows than a sheet allows. Text longer than a cell allows is cut, and
    says so at its end.
    """
    check_rows(table.total)
    with safe_workbook(target) as workbook:
        workbook.set_properties({"title": table.name, "author": "Creator Dashboard"})
        write_sheet(workbook, table.name, table_columns(table), table.batches, table.total)


def check_rows(rows: int) -> None:
    """Raise InputError if one sheet cannot hold this many rows."""
    if rows > MOST_ROWS:
        raise InputError(
            f"An Excel sheet holds {grouped(MOST_ROWS)} rows, and these are {grouped(rows)}. "
            "Narrow the filters, or choose CSV or JSON."
        )


def table_columns(table: Table) -> list[SheetColumn]:
    """The columns of an export's sheet: as wide as their kind needs, on one line."""
    return [
        SheetColumn(title, column.kind, WIDTHS[column.kind])
        for column, title in zip(table.columns, table.titles, strict=True)
    ]


def write_sheet(
    workbook: Workbook,
    name: str,
    columns: Sequence[SheetColumn],
    batches: Iterable[Batch],
    rows: int,
    instant: str = INSTANT,
) -> PlainSheet:
    """Add a sheet: a frozen row of titles with filters, then the rows as they come; None is an empty cell.

    Printed, all columns stand on one page.
    """
    sheet: PlainSheet = workbook.add_worksheet(name, PlainSheet)
    _set_up(workbook, sheet, columns, rows)
    at = workbook.add_format({"num_format": instant, "valign": "top"})
    first_row = 1
    for batch in batches:
        for row, lines in enumerate(_lines_of_rows(columns, batch), first_row):
            sheet.set_row(row, LINE * lines)
        sheet.write_batch(first_row, columns, batch, at)
        first_row += len(batch[0]) if batch else 0
    return sheet


def _set_up(workbook: Workbook, sheet: PlainSheet, columns: Sequence[SheetColumn], rows: int) -> None:
    head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    sheet.set_row(0, LINE * _lines(columns, [column.title for column in columns]))
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, workbook.add_format(column.look))
        sheet.write_string(0, place, column.title, head)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)  # in width
    sheet.autofilter(0, 0, max(rows, 1), len(columns) - 1)


def _lines_of_rows(columns: Sequence[SheetColumn], batch: Batch) -> Iterator[int]:
    """The lines that each row takes, where a column is wrapped: not every program makes room by itself."""
    wrapped = [place for place, column in enumerate(columns) if column.is_wrapped]
    if wrapped:
        shown = [columns[place] for place in wrapped]
        for row in zip(*(batch[place] for place in wrapped), strict=True):
            yield _lines(shown, row)


def _lines(columns: Sequence[SheetColumn], row: Sequence[Any]) -> int:
    """The lines of the row's longest text, wrapped in its column; a few at most."""
    wrapped = [len(cell) / column.width for column, cell in zip(columns, row, strict=True) if isinstance(cell, str)]
    return min(MOST_LINES, ceil(max([1.0, *wrapped])))


def fitting(text: str) -> str:
    """The text for a cell, with a mark at the end if it had to be cut."""
    if 2 * len(text) <= MOST_UNITS or _units(text) <= MOST_UNITS:
        return text
    mark = CUT.format(characters=grouped(len(text)))
    room = MOST_UNITS - len(mark)
    kept = text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore")  # drops half a surrogate pair
    return kept + mark


def _escape(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _prepared(column: SheetColumn, cells: Sequence[Any]) -> Sequence[Any]:
    if column.kind == "text":
        return [cell and fitting(cell) for cell in cells]
    if column.kind == "instant":
        return [cell and cell.replace(tzinfo=None) for cell in cells]
    return cells
