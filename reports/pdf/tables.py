"""Tables and tiles in the look of our reports."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.colors import Color, HexColor
from reportlab.platypus import Flowable, Table, TableStyle

from reports.pdf.paragraphs import plain_paragraph
from reports.pdf.styles import (
    CELL,
    CELL_RIGHT,
    CONTENT_WIDTH,
    HEAD_CELL,
    HEAD_CELL_RIGHT,
    PANEL,
    RULE,
    WHITE,
)
from reports.pdf.text import shortened

CELL_CHARACTERS = 240  # a cell must fit on a page; the workbook and the exports hold the whole text


@dataclass(frozen=True)
class Column:
    """A column's heading, its share of the width, and whether it holds figures."""

    title: str
    share: float
    is_number: bool = False


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    width: float = CONTENT_WIDTH,
    marks: Sequence[str] = (),
    characters: int = CELL_CHARACTERS,
) -> Table:
    """Rows of user text under a heading that repeats on every page; figures are right-aligned.

    `marks` are colours, one per row, shown as a bar in front. A cell shows at most `characters` characters.
    """
    shares = sum(column.share for column in columns)
    heads = [plain_paragraph(column.title, HEAD_CELL_RIGHT if column.is_number else HEAD_CELL) for column in columns]
    body = [[_cell(value, column, characters) for value, column in zip(row, columns, strict=True)] for row in rows]
    widths = [width * column.share / shares for column in columns]
    drawn = Table([heads, *body], colWidths=widths, repeatRows=1, style=TABLE_STYLE, spaceBefore=4, spaceAfter=8)
    for row, colour in enumerate(marks, 1):
        drawn.setStyle(
            [("LINEBEFORE", (0, row), (0, row), 6, HexColor(colour)), ("LEFTPADDING", (0, row), (0, row), 9)]
        )
    return drawn


def tiles(cells: Sequence[Sequence[Flowable]], per_row: int, width: float = CONTENT_WIDTH) -> Table:
    """Panels side by side, a given number per row, each with its paragraphs."""
    filled = [*cells, *([[]] * (-len(cells) % per_row))]
    rows = [list(filled[start : start + per_row]) for start in range(0, len(filled), per_row)]
    style = TableStyle(
        [
            ("BACKGROUND", (0, 0), (-1, -1), PANEL),
            ("INNERGRID", (0, 0), (-1, -1), 5, WHITE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 10),
            ("RIGHTPADDING", (0, 0), (-1, -1), 8),
            ("TOPPADDING", (0, 0), (-1, -1), 9),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 9),
        ]
    )
    return Table(rows, colWidths=[width / per_row] * per_row, style=style)


def share_bar(parts: Sequence[tuple[str, int]], width: float = CONTENT_WIDTH) -> Table:
    """One bar across the width, in coloured parts proportional to their figures; takes (colour, figure)."""
    shown = [(colour, figure) for colour, figure in parts if figure]
    total = sum(figure for _, figure in shown)
    colours = [("BACKGROUND", (place, 0), (place, 0), HexColor(colour)) for place, (colour, _) in enumerate(shown)]
    widths = [width * figure / total for _, figure in shown]
    return Table([[""] * len(shown)], colWidths=widths, rowHeights=[12], style=TableStyle(colours))


def callout(content: Sequence[Flowable], colour: Color, width: float = CONTENT_WIDTH) -> Table:
    """Paragraphs next to a coloured line."""
    style = TableStyle(
        [
            ("LINEBEFORE", (0, 0), (0, -1), 3, colour),
            ("LEFTPADDING", (0, 0), (-1, -1), 10),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ]
    )
    return Table([[list(content)]], colWidths=[width], style=style, spaceAfter=6)


def _cell(value: str, column: Column, characters: int) -> Flowable:
    return plain_paragraph(shortened(value, characters), CELL_RIGHT if column.is_number else CELL)


TABLE_STYLE = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, RULE),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, RULE),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 8),
        ("TOPPADDING", (0, 0), (-1, -1), 3.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4.5),
    ]
)
