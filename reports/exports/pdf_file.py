"""PDF tables, for reading and printing: the columns of the screen, the first thousand rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.platypus import Flowable, LongTable, Paragraph, Spacer, TableStyle

from reports.exports.request import ExportRequest
from reports.exports.table import Batch, Column, Table
from reports.pdf.document import write_pdf
from reports.pdf.styles import CELL, CELL_RIGHT, HEAD_CELL, HEAD_CELL_RIGHT, MARGIN, NOTE, PANEL, RULE, TITLE
from reports.pdf.text import one_line
from reports.pdf.words import words

MOST_PRINTED = 1_000  # rows; as many fill 30 to 80 pages
CHARACTERS_PER_SHARE = 120  # of a text; more would make a row higher than a page
PAGE = landscape(A4)
WIDTH = PAGE[0] - 2 * MARGIN

LOOK = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
        ("BACKGROUND", (0, 0), (-1, 0), PANEL),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
    ]
)


def write_pdf_table(table: Table, target: IO[bytes], request: ExportRequest) -> None:
    """A title, what it holds, and the table, its titles on every page; `table` holds at most MOST_PRINTED rows.

    Where there are more, a sentence says how many and which formats have all of them.
    """
    printed = [place for place, column in enumerate(table.columns) if column.print_share]
    story: list[Flowable] = [words(table.name, TITLE), Spacer(0, 4)]
    story += [words(sentence, NOTE) for sentence in _sentences(table, request)]
    rows = [_titles(table, printed), *_rows(table, printed)]
    story += [Spacer(0, 10), _laid_out(table, printed, rows) if len(rows) > 1 else words("There is no row.", CELL)]
    write_pdf(target, f"{table.name}: {table.about.creator_name}", story, table.about.generated_at, PAGE)


def printed_cell(column: Column, cell: Any) -> str:
    """A cell as people read it: 1,234, 4 Mar 2026, 17:30, Yes; - for nothing; long texts cut, which they say."""
    if cell is None:
        return "-"
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, int | float):
        return f"{cell:,}"
    if isinstance(cell, datetime):
        return f"{cell:%-d %b %Y, %H:%M}"
    return _cut(one_line(str(cell)), int(column.print_share * CHARACTERS_PER_SHARE))


def _sentences(table: Table, request: ExportRequest) -> list[str]:
    about = table.about
    figures = f"{about.figures_as_of:%-d %b %Y, %H:%M}" if about.figures_as_of else "not computed yet"
    chosen = "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in request.stored_filters().items())
    zone = about.zone.key.replace("_", " ")
    sentences = [
        f"{about.creator_name}. Made {about.generated_at:%-d %b %Y, %H:%M}, figures as of {figures}; times in {zone}.",
        f"{table.total:,} {'row' if table.total == 1 else 'rows'}. Chosen: {chosen or 'everything'}.",
    ]
    if table.total > MOST_PRINTED:
        sentences.append(
            f"This file shows the first {MOST_PRINTED:,} of {table.total:,} rows; "
            "the CSV, JSON and Excel exports have all of them, and more columns."
        )
    return sentences


def _titles(table: Table, printed: Sequence[int]) -> list[Flowable]:
    columns = [table.columns[place] for place in printed]
    return [words(column.title, HEAD_CELL_RIGHT if column.kind == "number" else HEAD_CELL) for column in columns]


def _rows(table: Table, printed: Sequence[int]) -> list[list[Flowable]]:
    rows: list[list[Flowable]] = []
    for batch in table.batches:
        cells = [_flowables(table.columns[place], batch, place) for place in printed]
        rows += [list(row) for row in zip(*cells, strict=True)]
    return rows


def _flowables(column: Column, batch: Batch, place: int) -> list[Flowable]:
    if column.kind == "text":
        return [words(printed_cell(column, cell), CELL) for cell in batch[place]]
    style = CELL_RIGHT if column.kind == "number" else CELL
    return [Paragraph(printed_cell(column, cell), style) for cell in batch[place]]


def _laid_out(table: Table, printed: Sequence[int], rows: list[list[Flowable]]) -> LongTable:
    shares = [table.columns[place].print_share for place in printed]
    widths = [WIDTH * share / sum(shares) for share in shares]
    return LongTable(rows, colWidths=widths, repeatRows=1, splitInRow=1, style=LOOK, hAlign="LEFT")


def _cut(text: str, characters: int) -> str:
    if len(text) <= characters:
        return text
    return f"{text[:characters].rstrip()} … [{len(text):,} characters in all]"
