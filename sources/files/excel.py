"""A sheet of a workbook, as rows of text: numbers and dates are written out as the cell holds them."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree import ElementTree

import python_calamine as calamine

from sources.files.layout import ROWS_LOOKED_AT, Layout, NotATable, column_names, usual_width, without_total

LARGEST_FILE = 64 * 1024**2
LARGEST_UNPACKED = 400 * 1024**2
MOST_ENTRIES = 10_000
MOST_CELLS = 5_000_000
LARGEST_PLAN = 4 * 1024**2  # the files that name the sheets
MOST_ERRORS_KEPT = 10_000
EXACT = 10**15  # from here on a workbook has lost digits
ERROR_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*\bt="e"[^>]*>(?:(?!</c>).)*?<v>([^<]{1,20})</v>', re.DOTALL)
COLUMN = re.compile(rb'<c r="([A-Z]{1,3})\d')
LINE = re.compile(rb'<row [^>]*?\br="(\d{1,7})"')
DAMAGED = "The workbook is damaged or has a password. Save it again as .xlsx without a password, and try again."
TOO_LARGE = "The workbook is too large when unpacked. Save the sheet as CSV and import that."
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def excel_table(stream: BinaryIO, wanted: str | None) -> tuple[Layout, Iterator[tuple[int, list[str]]]]:
    """What was found out about a sheet (the first one that is visible by default), and the rows below its header.

    Raises NotATable for a workbook that cannot be read or would need too much memory.
    """
    content = stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise NotATable(TOO_LARGE)
    archive = _archive(content)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise NotATable(DAMAGED) from error
    name, notes = _chosen(book, wanted)
    errors = _error_cells(archive, name) if archive else {}
    try:
        sheet = book.get_sheet_by_name(name)
    except (calamine.CalamineError, ValueError) as error:
        raise NotATable(DAMAGED) from error
    if sheet.total_height * max(1, sheet.total_width) > MOST_CELLS:
        raise NotATable(TOO_LARGE)
    rows = _Texts(sheet, errors)
    layout = _layout(sheet, rows, name, notes)
    layout.sheets = _visible(book)
    if errors:
        layout.notes.append(f"The sheet has {len(errors):,} cells with an error such as {next(iter(errors.values()))}.")
    below = ((line, cells, blank) for line, cells, blank in rows.below(layout.header_line, len(layout.header)))
    return layout, without_total(below, layout.notes)


def _archive(content: bytes) -> zipfile.ZipFile | None:
    """The file as an archive, its declared sizes checked; None for the old format, which is none."""
    if not content.startswith(b"PK"):
        return None
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise NotATable(DAMAGED) from error
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise NotATable(TOO_LARGE)
    return archive


def _visible(book: calamine.CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]


def _chosen(book: calamine.CalamineWorkbook, wanted: str | None) -> tuple[str, list[str]]:
    visible = _visible(book)
    hidden = [name for name in book.sheet_names if name not in visible]
    if not visible:
        raise NotATable("The workbook has no visible sheet.")
    name = visible[0] if wanted is None else wanted
    if name not in visible:
        raise NotATable(f"The workbook has no visible sheet “{name}”; it has {', '.join(visible)}.")
    notes = [f"Only the sheet “{name}” is read; the others are {', '.join(visible)}."] if len(visible) > 1 else []
    if hidden:
        notes.append(f"Hidden sheets are not read: {', '.join(hidden)}.")
    return name, notes


class _Texts:
    """The rows of a sheet as text, from its first line."""

    def __init__(self, sheet: calamine.CalamineSheet, errors: dict[tuple[int, int], str]) -> None:
        self._sheet, self._errors = sheet, errors
        self._first_column = sheet.start[1] if sheet.start else 0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        errors, first = self._errors, self._first_column
        for line, row in enumerate(self._sheet.iter_rows(), 1):
            cells = [cell if type(cell) is str else _text(cell) for cell in row]
            if errors:
                for place in range(len(cells)):
                    cells[place] = errors.get((line, first + place), cells[place])
            yield line, cells

    def below(self, header_line: int, width: int) -> Iterator[tuple[int, list[str], bool]]:
        """The rows that are not blank below the header, as wide as the header unless they have more."""
        after_blank = False
        for line, cells in self:
            if line <= header_line:
                continue
            if any(cells):
                yield line, cells[:width] if not any(cells[width:]) else _stripped(cells), after_blank
            after_blank = not any(cells)


def _layout(sheet: calamine.CalamineSheet, rows: _Texts, name: str, notes: list[str]) -> Layout:
    looked_at = []
    for line, cells in rows:
        if any(cells):
            looked_at.append((line, _stripped(cells)))
        if len(looked_at) == ROWS_LOOKED_AT:
            break
    if not looked_at:
        raise NotATable(f"The sheet “{name}” is empty.")
    width, _ = usual_width([cells for _, cells in looked_at])
    line, cells = next((found for found in looked_at if len(found[1]) >= width), looked_at[0])
    if line > 1:
        notes.append(f"The columns are named in line {line}; what stands above was left out.")
    merged = [area for area in sheet.merged_cell_ranges or () if area[1][0] >= line]
    if merged:
        notes.append(
            f"The sheet has {len(merged):,} merged cells below its header; only the first of each has the value."
        )
    return Layout(column_names(cells), line, sheet=name, notes=notes)


def _stripped(cells: list[str]) -> list[str]:
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ")
    if isinstance(cell, dt.timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(cell)  # dates and times of day write themselves year first


def _error_cells(archive: zipfile.ZipFile, name: str) -> dict[tuple[int, int], str]:
    """Line and column of the cells with an error, which the reader of workbooks takes for empty.

    Raises NotATable for a sheet that reaches so far that its empty cells alone would fill the memory.
    """
    path = _path_of(archive, name)
    found: dict[tuple[int, int], str] = {}
    if path is None:
        return found
    tail, lines, columns = b"", 0, set[bytes]()
    try:
        with archive.open(path) as packed:
            while chunk := packed.read(1024**2):
                looked_at = tail + chunk
                if b't="e"' in looked_at:
                    _note_errors(looked_at, found)
                lines = max(lines, 0, *map(int, LINE.findall(looked_at)))
                columns.update(COLUMN.findall(looked_at))
                if lines * max(map(_column, columns), default=0) > MOST_CELLS:
                    raise NotATable(TOO_LARGE)
                tail = chunk[-200:]
    except (zipfile.BadZipFile, RuntimeError, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise NotATable(DAMAGED) from error
    return found


def _note_errors(content: bytes, found: dict[tuple[int, int], str]) -> None:
    for letters, number, error in ERROR_CELL.findall(content):
        if len(found) < MOST_ERRORS_KEPT:
            found[int(number), _column(letters)] = error.decode("ascii", "replace")


def _path_of(archive: zipfile.ZipFile, name: str) -> str | None:
    try:
        plan = ElementTree.fromstring(_small(archive, "xl/workbook.xml"))  # noqa: S314  # in a child with limits
        links = ElementTree.fromstring(_small(archive, "xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ElementTree.ParseError):
        return None
    target = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in plan.iter():
        if sheet.tag.endswith("}sheet") and sheet.get("name") == name:
            path = target.get(sheet.get(REL), "")
            path = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
            return path if path in archive.namelist() else None
    return None


def _small(archive: zipfile.ZipFile, path: str) -> bytes:
    with archive.open(path) as packed:
        return packed.read(LARGEST_PLAN)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
