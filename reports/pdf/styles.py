"""Type and colours of our PDFs: those of the dashboard's light theme."""

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

from reports.pdf.fonts import BOLD, REGULAR, register_base_fonts

register_base_fonts()

PAGE = A4
MARGIN = 18 * mm
CONTENT_WIDTH = PAGE[0] - 2 * MARGIN

INK = HexColor("#0b1219")
QUIET = HexColor("#55606e")  # 6 to 1 on white
BLUE = HexColor("#1f5fbf")
GREEN = HexColor("#1a7f37")
RED = HexColor("#cf222e")
RULE = HexColor("#d5dbe3")
PANEL = HexColor("#f4f6f9")
WHITE = HexColor("#ffffff")

BODY = ParagraphStyle(
    "body", fontName=REGULAR, fontSize=9.5, leading=13.5, textColor=INK, splitLongWords=1, spaceShrinkage=0
)
SMALL = ParagraphStyle("small", BODY, fontSize=8, leading=11)
NOTE = ParagraphStyle("note", SMALL, textColor=QUIET)
STRONG = ParagraphStyle("strong", BODY, fontName=BOLD)
TITLE = ParagraphStyle("title", STRONG, fontSize=24, leading=29, spaceAfter=3)
HEADING = ParagraphStyle("heading", STRONG, fontSize=15, leading=19, spaceBefore=16, spaceAfter=6, keepWithNext=1)
SUBHEADING = ParagraphStyle("subheading", STRONG, fontSize=11, leading=15, spaceBefore=10, spaceAfter=4, keepWithNext=1)
CELL = ParagraphStyle("cell", BODY, fontSize=8.5, leading=11)
CELL_RIGHT = ParagraphStyle("cell-right", CELL, alignment=2)
HEAD_CELL = ParagraphStyle("head-cell", CELL, fontName=BOLD, textColor=QUIET)
HEAD_CELL_RIGHT = ParagraphStyle("head-cell-right", HEAD_CELL, alignment=2)

# The outline of the document: these paragraphs become bookmarks, at this depth.
OUTLINE_LEVELS = {TITLE.name: 0, HEADING.name: 0, SUBHEADING.name: 1}
