"""Exports created, and opened again as a person or a program opens them."""

import csv
import io
import json
import re
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl

from reports.exports import ExportRequest, export_bytes
from reports.exports.formulas import unmarked
from rules.export_rules import RFC_4180, SEPARATORS, CsvStyle
from tests.builders import ACreator

ESCAPED = re.compile("_x([0-9A-F]{4})_")

# Text of any length in any column; values as stored, not as shown; every sheet.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,{sheet}"


def exported(creator: ACreator, export_type: str, export_format: str, **filters: Any) -> bytes:
    return export_bytes(creator.id, ExportRequest.of(export_type, export_format, filters))


def csv_rows(content: bytes, style: CsvStyle = RFC_4180) -> list[list[str]]:
    """Titles and rows, with the marks of formulas taken away."""
    separator = SEPARATORS[style.separator]
    text = content.decode("utf-16" if style.encoding == "utf-16" else "utf-8-sig")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [[unmarked(cell, separator) for cell in row] for row in rows]


def csv_records(content: bytes) -> list[dict[str, str]]:
    titles, *rows = csv_rows(content)
    return [dict(zip(titles, row, strict=True)) for row in rows]


def json_rows(content: bytes) -> list[list[str]]:
    """Titles and rows as CSV would have them."""
    document = json.loads(content)
    zone = document["timezone"]
    columns = document["columns"]
    titles = [f"{column['title']} ({zone})" if column["kind"] == "instant" else column["title"] for column in columns]
    return [titles, *([as_csv(row[column["key"]], column["kind"]) for column in columns] for row in document["rows"])]


def xlsx_rows(content: bytes, sheet: int = 0) -> list[list[str]]:
    """Titles and rows as CSV would have them. Asserts that no cell is a formula or a link."""
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=False)
    chosen = workbook.worksheets[sheet]
    rows = []
    for cells in chosen.iter_rows():
        assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)
        rows.append([as_csv(plain_text(cell.value)) for cell in cells])
    return rows


def plain_text(value: Any) -> Any:
    """A text as spreadsheets show it: `_x0001_` represents a character that XML cannot hold."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), value) if isinstance(value, str) else value


def as_csv(value: Any, kind: str = "") -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if kind == "instant":
        value = datetime.fromisoformat(value).replace(tzinfo=None)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def by_libreoffice(content: bytes, folder: Path, sheet: int = 1) -> list[list[str]]:
    """Titles and rows of a sheet, as LibreOffice converts the workbook to CSV."""
    path = folder / "opened.xlsx"
    path.write_bytes(content)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            AS_CSV.format(sheet=sheet),
            "--outdir",
            str(folder),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    (made,) = folder.glob("opened*.csv")
    text = made.read_text(encoding="utf-8")
    made.unlink()
    return list(csv.reader(io.StringIO(text, newline="")))
