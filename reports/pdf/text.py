"""User text, made safe for PDFs: nothing in it is markup, and every script finds its font.

A character that no shipped font has is drawn as a box; emoji are black. Neither changes the text that a reader copies
or searches.
"""

import re
import unicodedata
from xml.sax.saxutils import escape

from reports.pdf.fonts import BOLD, REGULAR, font_runs
from reports.pdf.glyphs import PRIVATE
from rules.visible import visible

# Variation selectors, tags and direction marks have no shape; joiners, which have none either, shape what they join.
WITHOUT_SHAPE = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
NOT_OF_PEOPLE = re.compile(f"[{PRIVATE}]")


def safe_markup(text: str, bold: bool = False) -> str:
    """The text as markup for a ReportLab Paragraph that shows it unchanged, with its line breaks.

    Each character is in a font that has it; letters that join or run from the right do so in
    `reports.pdf.paragraphs.plain_paragraph`, which is for all text of people.
    """
    return "<br/>".join(_line_markup(line, bold) for line in cleaned(text).split("\n"))


def cleaned(text: str) -> str:
    """The text without control characters and characters without shape; line breaks stay."""
    shown = WITHOUT_SHAPE.sub("", unicodedata.normalize("NFC", visible(text)).replace("\t", " "))
    return NOT_OF_PEOPLE.sub("\N{REPLACEMENT CHARACTER}", shown)


def one_line(text: str) -> str:
    """The text on one line, with single spaces."""
    return " ".join(cleaned(text).split())


def shortened(text: str, characters: int) -> str:
    """At most this many characters on one line, ending in an ellipsis if there was more."""
    line = one_line(text)
    return line if len(line) <= characters else f"{line[: characters - 1].rstrip()}…"


def _line_markup(line: str, bold: bool) -> str:
    base = BOLD if bold else REGULAR
    runs = ((run.font, escape(run.text, {'"': "&quot;"})) for run in font_runs(line, bold))
    return "".join(text if font == base else f'<font name="{font}">{text}</font>' for font, text in runs)
