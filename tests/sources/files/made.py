"""Files for tests: text and workbooks made here, and what reading them gives."""

from pathlib import Path
from typing import Any

import xlsxwriter

from sources.files.given import GivenFile, file_at
from sources.files.reading import ReadAs, Table, opened


def given(content: bytes, name: str = "file.csv") -> GivenFile:
    return GivenFile(name, len(content), lambda: iter([content]))


def read(file: GivenFile | bytes, **read_as: str) -> tuple[Table, list[Any], list[Any]]:
    """The table, its rows without line numbers, and the refused lines."""
    rows, refused = [], []
    with opened(given(file) if isinstance(file, bytes) else file, ReadAs(**read_as)) as found:
        for good, bad in found.blocks():
            rows += good
            refused += bad
    return found.table, rows, refused


def workbook(folder: Path, *sheets: tuple[str, list[list[object]]], hidden: str = "", dates: str = "") -> GivenFile:
    """A workbook with these sheets."""
    path = folder / "made.xlsx"
    book = xlsxwriter.Workbook(str(path), {"default_date_format": dates or "yyyy-mm-dd hh:mm"})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(line, column, cell, None, "#DIV/0!")
                elif cell is not None:
                    sheet.write(line, column, cell)
        if name == hidden:
            sheet.hide()
    book.close()
    return file_at(path)
