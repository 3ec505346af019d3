"""Paragraphs of user text, for a page or a table cell."""

from collections.abc import Sequence
from typing import Any

from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph

from reports.pdf.fonts import BOLD
from reports.pdf.order import RIGHT
from reports.pdf.shaping import ShapedRun, base_of, needs_shaping, shaped, split_to_fit, width_of
from reports.pdf.text import cleaned, one_line, safe_markup

SMALLEST = 4.5  # points; a word that does not fit then is broken


def plain_paragraph(text: str, style: ParagraphStyle) -> Flowable:
    """A paragraph that shows the text unchanged, in any script."""
    shown = cleaned(text)
    if needs_shaping(shown):
        return ShapedParagraph(shown, style, base_of(shown))
    return Paragraph(safe_markup(text, bold=style.fontName == BOLD), style)


def unbroken_paragraph(text: str, style: ParagraphStyle, width: float) -> Flowable:
    """The same, in smaller letters if its longest word would not fit otherwise, such as an email address."""
    words = cleaned(text).split()
    longest = max((width_of(shaped(word, bold=style.fontName == BOLD), style.fontSize) for word in words), default=0)
    if longest <= width:
        return plain_paragraph(text, style)
    size = max(SMALLEST, int(10 * style.fontSize * width / longest) / 10)
    return plain_paragraph(text, ParagraphStyle(f"{style.name}-{size}", style, fontSize=size))


def draw_line(canvas: Canvas, x: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
    """Write one line of user text on the canvas, each character in a font that has it."""
    line = one_line(text)
    _draw_runs(canvas, x, y, shaped(line, base_of(line), bold=bold), size)


class ShapedParagraph(Flowable):
    """A paragraph with letters that join or run from the right, broken into lines before it is shaped.

    `text` has been cleaned; `base` is where its lines begin, LEFT or RIGHT.
    """

    def __init__(self, text: str, style: ParagraphStyle, base: int) -> None:
        super().__init__()
        self.text, self.style, self.base = text, style, base
        self._bold = style.fontName == BOLD
        self.width, self._lines = -1.0, list[str]()

    def getPlainText(self) -> str:  # ReportLab's name, for bookmarks
        return self.text

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        if width != self.width:
            self.width, self._lines = width, self._broken(width)
        self.height = len(self._lines) * self.style.leading
        return width, self.height

    def split(self, width: float, height: float) -> list[Any]:
        self.wrap(width, height)
        room = int(height / self.style.leading)
        if room < 1:
            return []
        parts = (self._lines[:room], self._lines[room:])
        return [ShapedParagraph("\n".join(part), self.style, self.base) for part in parts if part]

    def draw(self) -> None:
        style = self.style
        self.canv.setFillColor(style.textColor)
        for number, line in enumerate(self._lines):
            runs = shaped(line, self.base, bold=self._bold)
            y = self.height - number * style.leading - style.fontSize
            _draw_runs(self.canv, self._start(width_of(runs, style.fontSize)), y, runs, style.fontSize)

    def _start(self, taken: float) -> float:
        """Where a line begins; text that runs from the right stands on the right, unless its style says otherwise."""
        style = self.style
        free = self.width - style.leftIndent - style.rightIndent - taken
        is_right = style.alignment == TA_RIGHT or (self.base == RIGHT and style.alignment == TA_LEFT)
        share = 1 if is_right else 0.5 if style.alignment == TA_CENTER else 0
        return float(style.leftIndent + free * share)

    def _broken(self, width: float) -> list[str]:
        """The lines, still in the order of reading, in pieces that fit."""
        room = width - self.style.leftIndent - self.style.rightIndent
        return [piece for line in self.text.split("\n") for piece in self._pieces(line, room)]

    def _pieces(self, line: str, room: float) -> list[str]:
        space, size = self._width(" "), self.style.fontSize
        pieces, current, taken = [], "", 0.0
        for word in line.split(" "):
            width = self._width(word)
            if current and taken + space + width <= room:
                current, taken = f"{current} {word}", taken + space + width
                continue
            if current:
                pieces.append(current)
            *full, current = split_to_fit(word, room, size, bold=self._bold) if width > room else [word]
            pieces += full
            taken = self._width(current)
        return [*pieces, current]

    def _width(self, text: str) -> float:
        return width_of(shaped(text, self.base, bold=self._bold), self.style.fontSize)


def _draw_runs(canvas: Canvas, x: float, y: float, runs: Sequence[ShapedRun], size: float) -> None:
    for run in runs:
        line = canvas.beginText(x, y)
        line.setFont(run.font, size)
        line.textOut(run.glyphs)
        if run.said:
            canvas.addLiteral(f"/Span <</ActualText <FEFF{run.said.encode('utf-16-be').hex()}>>> BDC")
        canvas.drawText(line)
        if run.said:
            canvas.addLiteral("EMC")
        x += run.width * size / 1000
