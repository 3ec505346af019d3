"""CSV: RFC 4180, in UTF-8 with a byte order mark, so that spreadsheets read it too; no cell is a formula.

Spreadsheets of many countries expect a semicolon between columns and a comma in numbers: a `CsvStyle` chooses that.
"""

import re
from collections.abc import Sequence
from typing import IO, Any

from reports.exports.formulas import formula_safe, formula_safe_cells
from reports.exports.table import Column, Table
from rules.export_rules import DECIMAL_MARKS, ENCODINGS, RFC_4180, SEPARATORS, CsvStyle

POINT = "."
# What finds no separator at a tab shows a row as one cell, and may strip empty cells from its beginning, so that it
# begins with a number, perhaps with a minus: in such files each cell is quoted.
TAB = "\t"
SPECIAL = {separator: re.compile(f'["{separator}\r\n]') for separator in SEPARATORS.values()}


def write_csv(table: Table, target: IO[bytes], style: CsvStyle = RFC_4180) -> None:
    """Write a row of titles, then the rows. Missing values are empty, booleans are TRUE and FALSE,
    instants local (2026-03-04 13:05:00; the title names the zone)."""
    encoding, mark = ENCODINGS[style.encoding]
    separator = SEPARATORS[style.separator]
    titles = [_quoted([formula_safe(title, separator)], separator) for title in table.titles]
    target.write(mark + _lines(titles, separator).encode(encoding))
    for batch in table.batches:
        cells = [_written(column, cells, style) for column, cells in zip(table.columns, batch, strict=True)]
        target.write(_lines(cells, separator).encode(encoding))


def _lines(columns: Sequence[Sequence[str]], separator: str) -> str:
    # Whole columns are quoted and rows joined: half the time of csv.writer, which looks at each character.
    return "".join(f"{separator.join(row)}\r\n" for row in zip(*columns, strict=True))


def _written(column: Column, cells: Sequence[Any], style: CsvStyle) -> Sequence[str]:
    separator = SEPARATORS[style.separator]
    if column.kind == "text":
        safe = formula_safe_cells(cells, separator)
        return _quoted(["" if cell is None else cell for cell in safe], separator)
    if column.kind == "boolean":
        written = ["" if cell is None else "TRUE" if cell else "FALSE" for cell in cells]
    elif column.kind == "instant":
        written = ["" if cell is None else cell.replace(tzinfo=None).isoformat(" ") for cell in cells]
    else:
        written = ["" if cell is None else str(cell) for cell in cells]
    if column.kind == "number" and (mark := DECIMAL_MARKS[style.decimal_mark]) != POINT:
        written = [cell.replace(POINT, mark) for cell in written]
    return _quoted(written, separator)


def _quoted(cells: list[str], separator: str) -> list[str]:
    if separator == TAB:
        return [f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in cells]
    special = SPECIAL[separator]
    if not special.search("".join(cells)):
        return cells
    return [f'"{cell.replace(chr(34), chr(34) * 2)}"' if special.search(cell) else cell for cell in cells]
