"""Text with separators, as rows. Read with the standard library, strictly: a quote that never closes is refused."""

import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from sources.files.layout import ROWS_LOOKED_AT, Layout, NotATable, column_names, usual_width, without_total

SEPARATORS = (",", ";", "\t", "|")
NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
LOOKED_AT = 256 * 1024  # characters of the beginning
LONGEST_FIELD = 1_000_000  # characters: a long transcript has a tenth of it
LONGEST_LINE = 4_000_000
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)

csv.field_size_limit(LONGEST_FIELD)


def text_table(stream: BinaryIO, encoding: str) -> tuple[Layout, Iterator[tuple[int, list[str]]]]:
    """What was found out, and the rows below the header: the number of their first line, and their cells.

    Raises NotATable, also while rows are read: the notes of the layout are complete when they end.
    """
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    beginning = _beginning(text)
    if not beginning.strip():
        raise NotATable("The file is empty.")
    separator, skipped = _separator(beginning)
    lines = _Lines(beginning, text)
    for _ in range(skipped):
        next(lines)
    header_line, cells = _header(beginning, separator, skipped)
    layout = Layout(column_names(cells), header_line, separator, encoding)
    if header_line > skipped + 1:
        layout.notes.append(f"The columns are named in line {header_line}; what stands above was left out.")
    rows = _below(_rows(lines, separator, skipped), header_line)
    return layout, without_total(rows, layout.notes)


def _beginning(text: TextIO) -> str:
    """The first characters; a line is never cut unless it is longer than any line may be."""
    beginning = text.read(LOOKED_AT)
    if len(beginning) == LOOKED_AT:
        beginning += text.readline(LONGEST_LINE)
    return beginning


def _separator(beginning: str) -> tuple[str, int]:
    """The separator, and how many lines say so (Excel's `sep=;`)."""
    said = SEPARATOR_LINE.fullmatch(beginning.partition("\n")[0])
    if said:
        return said.group(1), 1
    return max(SEPARATORS, key=lambda one: (*_share(beginning, one), -SEPARATORS.index(one))), 0


def _share(beginning: str, separator: str) -> tuple[float, int]:
    """Which share of the rows has the usual number of fields, and that number."""
    rows = [row for _, row in _looked_at(beginning, separator)]
    width, having = usual_width(rows)
    return having / max(1, len(rows)), width


def _looked_at(beginning: str, separator: str, skipped: int = 0) -> list[tuple[int, list[str]]]:
    """The first rows that are not blank, as far as they can be read, with their lines."""
    reader = csv.reader(io.StringIO(beginning, newline=""), delimiter=separator)
    found: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            if line > skipped and any(cell.strip() for cell in row):
                found.append((line, row))
            if len(found) == ROWS_LOOKED_AT:
                break
            line = reader.line_num + 1
    except csv.Error:  # said with its line when the rows are read
        pass
    return found


def _header(beginning: str, separator: str, skipped: int) -> tuple[int, list[str]]:
    """The first row that has the usual number of fields."""
    rows = _looked_at(beginning, separator, skipped)
    if not rows:
        raise NotATable("No line of the file could be read as a row.")
    width, _ = usual_width([row for _, row in rows])
    return next((found for found in rows if len(found[1]) == width), rows[0])


class _Lines:
    """Lines of the beginning and then of the rest, none of them endless."""

    def __init__(self, beginning: str, rest: TextIO) -> None:
        self._beginning: TextIO | None = io.StringIO(beginning, newline="")
        self._rest = rest
        self._number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        self._number += 1
        line = ""
        if self._beginning is not None:
            line = self._beginning.readline(LONGEST_LINE)
            if not line:
                self._beginning = None
        if not line:
            line = self._rest.readline(LONGEST_LINE)
        if len(line) >= LONGEST_LINE:
            raise NotATable(f"Line {self._number:,} has more than {LONGEST_LINE:,} characters.")
        if not line:
            raise StopIteration
        return line


def _rows(lines: Iterator[str], separator: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    line = skipped + 1
    try:
        for row in reader:
            yield line, row
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        raise NotATable(f"Line {line:,} cannot be read as fields: {_reason(str(error))}") from None
    except UnicodeDecodeError:
        raise NotATable(f"After line {line:,} the file has bytes that are no text in its encoding.") from None


def _reason(error: str) -> str:
    if "unexpected end of data" in error or "field larger" in error:
        return 'it has a quote (") that never closes. Close it, or double it if it is part of the text.'
    if "expected after" in error:
        return 'a quote (") ends in the middle of a field. Double it if it is part of the text.'
    return error + "."


def _below(rows: Iterator[tuple[int, list[str]]], header_line: int) -> Iterator[tuple[int, list[str], bool]]:
    """The rows that are not blank below the header, and whether a blank one stands before each."""
    after_blank = False
    for line, row in rows:
        if line <= header_line:
            continue
        if any(row) and any(cell.strip() for cell in row):
            yield line, row, after_blank
            after_blank = False
        else:
            after_blank = True
