"""User text, made safe for PDFs: nothing in it is markup, and every script finds its font.

Limits: joined emoji (families, skin tones) are drawn as their parts, in black; scripts whose letters change
shape (other than Arabic) are drawn letter by letter; a character that no shipped font has is drawn as a box.
None of this changes the text that a reader copies or searches, except that Arabic letters carry their joined form.
"""

import re
import unicodedata
from xml.sax.saxutils import escape

import arabic_reshaper
from bidi import get_base_level, get_display

from reports.pdf.fonts import BOLD, REGULAR, font_runs
from rules.visible import visible

# Joiners, variation selectors, skin tones and direction marks act on their neighbours and have no shape of their own.
WITHOUT_SHAPE = re.compile(
    "[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
)
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")


def safe_markup(text: str, bold: bool = False) -> str:
    """The text as markup for a ReportLab Paragraph that shows it unchanged, with its line breaks.

    Each character is in a font that has it. Right-to-left text is put into the order in which
    it is read on one line: for text that may wrap use `reports.pdf.paragraphs.plain_paragraph`.
    """
    return "<br/>".join(line_markup(visual_order(line), bold) for line in cleaned(text).split("\n"))


def cleaned(text: str) -> str:
    """The text without control characters and invisible characters; line breaks stay."""
    return WITHOUT_SHAPE.sub("", unicodedata.normalize("NFC", visible(text)).replace("\t", " "))


def one_line(text: str) -> str:
    """The text on one line, with single spaces."""
    return " ".join(cleaned(text).split())


def shortened(text: str, characters: int) -> str:
    """At most this many characters on one line, ending in an ellipsis if there was more."""
    line = one_line(text)
    return line if len(line) <= characters else f"{line[: characters - 1].rstrip()}…"


def line_markup(line: str, bold: bool) -> str:
    """One line that is already in visual order, as markup."""
    base = BOLD if bold else REGULAR
    runs = ((run.font, _with_entities(run.text)) for run in font_runs(line, bold))
    return "".join(text if font == base else f'<font name="{font}">{text}</font>' for font, text in runs)


def has_right_to_left(text: str) -> bool:
    return RIGHT_TO_LEFT.search(text) is not None


def reads_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is right-to-left."""
    return has_right_to_left(text) and get_base_level(text) == 1


def visual_order(line: str, base: str | None = None) -> str:
    """One line in visual order, with Arabic letters joined. `base` is L or R."""
    if not has_right_to_left(line):
        return line
    return str(get_display(joined(line), base_dir=base))


def joined(text: str) -> str:
    """Arabic letters in the form that their neighbours require; still in reading order."""
    return str(arabic_reshaper.reshape(text)) if ARABIC.search(text) else text


def _with_entities(text: str) -> str:
    return escape(text, {'"': "&quot;"})
