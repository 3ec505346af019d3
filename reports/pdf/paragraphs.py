"""Paragraphs of user text, for a page or a table cell."""

from typing import Any

from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Paragraph

from reports.pdf.fonts import BOLD, font_runs
from reports.pdf.text import (
    cleaned,
    has_right_to_left,
    joined,
    line_markup,
    reads_right_to_left,
    safe_markup,
    visual_order,
)


def plain_paragraph(text: str, style: ParagraphStyle) -> Flowable:
    """A paragraph that shows the text unchanged, in any script."""
    if has_right_to_left(text):
        return RightToLeftParagraph(text, style)
    return Paragraph(safe_markup(text, bold=style.fontName == BOLD), style)


class RightToLeftParagraph(Flowable):
    """A paragraph with right-to-left text, broken into lines before it is reordered."""

    def __init__(self, text: str, style: ParagraphStyle) -> None:
        super().__init__()
        self.logical = [joined(line) for line in cleaned(text).split("\n")]
        self.base = "R" if reads_right_to_left(text) else "L"
        alignment = TA_RIGHT if self.base == "R" and style.alignment == TA_LEFT else style.alignment
        self.style = ParagraphStyle(f"{style.name}-right-to-left", style, alignment=alignment)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.paragraph = self._laid_out(width)
        taken: tuple[float, float] = self.paragraph.wrap(width, height)
        return taken

    def split(self, width: float, height: float) -> list[Any]:
        return list(self._laid_out(width).split(width, height))

    def draw(self) -> None:
        self.paragraph.canv = self.canv
        self.paragraph.draw()

    def _laid_out(self, width: float) -> Paragraph:
        room = width - self.style.leftIndent - self.style.rightIndent
        lines = [shown for line in self.logical for shown in self._broken(line, room)]
        bold = self.style.fontName == BOLD
        return Paragraph("<br/>".join(line_markup(visual_order(line, self.base), bold) for line in lines), self.style)

    def _broken(self, line: str, room: float) -> list[str]:
        """The line, still in logical order, in pieces that fit."""
        pieces, current = [], ""
        for word in line.split(" "):
            longer = f"{current} {word}" if current else word
            if self._width(longer) <= room or not current:
                current = longer
                continue
            pieces.append(current)
            current = word
        return [*pieces, current]

    def _width(self, text: str) -> float:
        runs = font_runs(text, bold=self.style.fontName == BOLD)
        return sum(float(stringWidth(run.text, run.font, self.style.fontSize)) for run in runs)
