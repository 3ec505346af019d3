"""PDF tables, for reading and printing: the columns of the page, the first thousand rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.platypus import Flowable, LongTable, Paragraph, Spacer, TableStyle

from reports.exports.in_words import chosen_in_words, order_in_words
from reports.exports.request import COLUMNS, LEVEL, ExportRequest
from reports.exports.table import Column, Table
from reports.pdf.document import write_pdf
from reports.pdf.paragraphs import plain_paragraph, unbroken_paragraph
from reports.pdf.styles import CELL, CELL_RIGHT, HEAD_CELL, HEAD_CELL_RIGHT, MARGIN, NOTE, PANEL, RULE, TITLE
from reports.pdf.text import one_line
from rules.formatting import counted, grouped, in_full, out_of, timed

MOST_PRINTED = 1_000  # rows; they fill 30 to 80 pages
CHARACTERS_PER_SHARE = 120  # of a text; more would make a row higher than a page
PAGE = landscape(A4)
WIDTH = PAGE[0] - 2 * MARGIN
EMAIL, LEFT, RIGHT = "email", 5, 6
PADDING = LEFT + RIGHT

LOOK = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), LEFT),
        ("RIGHTPADDING", (0, 0), (-1, -1), RIGHT),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
        ("BACKGROUND", (0, 0), (-1, 0), PANEL),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
    ]
)


def write_pdf_table(table: Table, target: IO[bytes], request: ExportRequest) -> None:
    """Write title, description and table, with column titles on every page; `table` has at most MOST_PRINTED rows.

    If there are more, a sentence says how many and which formats include all of them.
    """
    printed = [place for place, column in enumerate(table.columns) if column.print_share]
    story: list[Flowable] = [plain_paragraph(table.name, TITLE), Spacer(0, 4)]
    story += [plain_paragraph(sentence, NOTE) for sentence in _sentences(table, request)]
    rows = [_titles(table, printed), *_rows(table, printed)]
    story += [Spacer(0, 10), _laid_out(table, printed, rows) if len(rows) > 1 else plain_paragraph("No rows.", CELL)]
    write_pdf(target, f"{table.name}: {table.about.creator_name}", story, table.about.generated_at, PAGE)


def printed_cell(column: Column, cell: Any) -> str:
    """A cell as people read it: 1,234, 4 Mar 2026, 17:30, Yes; - for missing values; long texts are cut and say so."""
    if cell is None:
        return "-"
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, int | float):
        return in_full(cell)
    if isinstance(cell, datetime):
        return timed(cell)
    return _cut(one_line(str(cell)), int(column.print_share * CHARACTERS_PER_SHARE))


def _sentences(table: Table, request: ExportRequest) -> list[str]:
    about = table.about
    figures = timed(about.figures_as_of) if about.figures_as_of else "not calculated yet"
    told = {name: value for name, value in request.stored_filters().items() if name not in (*LEVEL, COLUMNS)}
    of = [f"course: {about.course}"] if about.course else []
    chosen = "; ".join([*of, *chosen_in_words(request.type, told, {})])
    order = order_in_words(request.type, told)
    zone = about.zone.key.replace("_", " ")
    sentences = [
        f"{about.creator_name}. Created {timed(about.generated_at)}, figures as of {figures}; times in {zone}.",
        f"{counted(table.total, 'row')}{f', {order}' if order else ''}. Filters: {chosen or 'none'}.",
    ]
    if table.total > MOST_PRINTED:
        sentences.append(
            f"This file shows the first {out_of(MOST_PRINTED, table.total)} rows; "
            "the CSV, JSON and Excel exports have all rows and more columns."
        )
    return sentences


def _titles(table: Table, printed: Sequence[int]) -> list[Flowable]:
    columns = [table.columns[place] for place in printed]
    return [
        plain_paragraph(column.title, HEAD_CELL_RIGHT if column.kind == "number" else HEAD_CELL) for column in columns
    ]


def _rows(table: Table, printed: Sequence[int]) -> list[list[Flowable]]:
    rows: list[list[Flowable]] = []
    widths = _widths(table, printed)
    for batch in table.batches:
        cells = [
            _flowables(table.columns[place], batch[place], width) for place, width in zip(printed, widths, strict=True)
        ]
        rows += [list(row) for row in zip(*cells, strict=True)]
    return rows


def _flowables(column: Column, cells: Sequence[Any], width: float) -> list[Flowable]:
    if column.key == EMAIL:
        return [unbroken_paragraph(printed_cell(column, cell), CELL, width - PADDING) for cell in cells]
    if column.kind == "text":
        return [plain_paragraph(printed_cell(column, cell), CELL) for cell in cells]
    style = CELL_RIGHT if column.kind == "number" else CELL
    return [Paragraph(printed_cell(column, cell), style) for cell in cells]


def _widths(table: Table, printed: Sequence[int]) -> list[float]:
    shares = [table.columns[place].print_share for place in printed]
    return [WIDTH * share / sum(shares) for share in shares]


def _laid_out(table: Table, printed: Sequence[int], rows: list[list[Flowable]]) -> LongTable:
    return LongTable(rows, colWidths=_widths(table, printed), repeatRows=1, splitInRow=1, style=LOOK, hAlign="LEFT")


def _cut(text: str, characters: int) -> str:
    if len(text) <= characters:
        return text
    return f"{text[:characters].rstrip()} … [{grouped(len(text))} characters in all]"
