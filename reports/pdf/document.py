"""The document around a report: A4, title and language, bookmarks, "page x of y" on every page."""

from datetime import datetime
from io import BytesIO
from typing import IO, Any

import reportlab.rl_config
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph

from reports.parts import note_part
from reports.pdf.flow import with_room
from reports.pdf.fonts import REGULAR
from reports.pdf.paragraphs import ShapedParagraph, draw_line
from reports.pdf.styles import HEADING, MARGIN, OUTLINE_LEVELS, PAGE, QUIET, RULE, SUBHEADING
from reports.pdf.text import one_line, shortened
from rules.formatting import grouped, timed

# Nothing in a report may be fetched from a file or the network.
reportlab.rl_config.trustedHosts = []
reportlab.rl_config.trustedSchemes = []

reportlab.rl_config.useA85 = 0  # the bytes as they are: a quarter fewer, and faster

LANGUAGE = "en-GB"
FOOTER_SIZE = 8
FOOTER_CHARACTERS = 90
TOTAL = "number-of-pages"  # a form that is drawn on every page and known after the last one
ROOM_FOR_TOTAL = 16
ROOM_FOR_FOOTER = 20


def pdf_bytes(title: str, story: list[Flowable], made_at: datetime, size: tuple[float, float] = PAGE) -> bytes:
    """The story as the bytes of a PDF. The title appears in the window's title bar and in the footer."""
    buffer = BytesIO()
    write_pdf(buffer, title, story, made_at, size)
    return buffer.getvalue()


def write_pdf(
    target: IO[bytes], title: str, story: list[Flowable], made_at: datetime, size: tuple[float, float] = PAGE
) -> None:
    """Write the story to the file, with the title, the language and a bookmark for every heading."""
    document = ReportDocument(target, title, made_at, size)
    placed = list(with_room(story))
    try:
        document.build(placed)
    except Exception as error:
        note_part(error, f"page {document.page}, below the heading “{document.heading}”")
        raise


class ReportDocument(BaseDocTemplate):
    """One column on every page, a footer below it, and an outline from the headings."""

    def __init__(self, target: IO[bytes], title: str, made_at: datetime, size: tuple[float, float] = PAGE) -> None:
        super().__init__(
            target,
            pagesize=size,
            title=one_line(title),
            author="Creator Dashboard",
            subject=f"As of {timed(made_at)}",
            lang=LANGUAGE,
            displayDocTitle=True,
            initialFontName=REGULAR,
            pageCompression=1,
        )
        self.footer = shortened(title, FOOTER_CHARACTERS)
        self.bookmarks = 0
        self.heading = ""  # the last one placed; headings are ours, titles may contain a name
        bottom = MARGIN + ROOM_FOR_FOOTER
        column = Frame(
            MARGIN,
            bottom,
            size[0] - 2 * MARGIN,
            size[1] - MARGIN - bottom,
            leftPadding=0,
            rightPadding=0,
            topPadding=0,
            bottomPadding=0,
        )
        self.addPageTemplates(PageTemplate(id="page", frames=[column], onPageEnd=_draw_footer, pagesize=size))

    def afterFlowable(self, flowable: Flowable) -> None:  # ReportLab's name
        style = flowable.style.name if isinstance(flowable, Paragraph | ShapedParagraph) else ""
        level = OUTLINE_LEVELS.get(style)
        if level is None:
            return
        self.bookmarks += 1
        if style in (HEADING.name, SUBHEADING.name):
            self.heading = flowable.getPlainText()  # type: ignore[attr-defined]
        key = f"heading-{self.bookmarks}"
        # How far down the column is filled; ReportLab has no public API for this.
        self.canv.bookmarkPage(key, fit="XYZ", top=self.frame._y + flowable.height)  # type: ignore[attr-defined]
        self.canv.addOutlineEntry(flowable.getPlainText(), key, level)  # type: ignore[attr-defined]

    def _endBuild(self) -> None:
        # The last moment at which the number of pages is known and the canvas still accepts a form.
        _define_total(self.canv, self.page)
        super()._endBuild()  # type: ignore[misc]


def _draw_footer(canvas: Canvas, document: Any) -> None:
    left, right, line = MARGIN, document.pagesize[0] - MARGIN, MARGIN + 4
    canvas.saveState()
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(left, line + 12, right, line + 12)
    canvas.setFillColor(QUIET)
    draw_line(canvas, left, line, document.footer, FOOTER_SIZE)
    canvas.setFont(REGULAR, FOOTER_SIZE)
    canvas.drawRightString(right - ROOM_FOR_TOTAL, line, f"Page {grouped(document.page)} of ")
    canvas.translate(right - ROOM_FOR_TOTAL, line)
    canvas.doForm(TOTAL)
    canvas.restoreState()


def _define_total(canvas: Canvas, pages: int) -> None:
    canvas.beginForm(TOTAL, 0, -FOOTER_SIZE, 4 * ROOM_FOR_TOTAL, 2 * FOOTER_SIZE)
    canvas.setFillColor(QUIET)
    canvas.setFont(REGULAR, FOOTER_SIZE)
    canvas.drawString(1.5, 0, grouped(pages))
    canvas.endForm()
