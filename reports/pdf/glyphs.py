"""Glyphs that no character stands for alone, such as joined letters: drawn, and found by a search, like characters.

A font is embedded by its characters. So each such glyph gets a character from the planes for private use, one for
each text that it shows, and the file says which text that is. Names cannot hold one: `reports.pdf.text.cleaned` takes
them out.
"""

from threading import Lock

from reportlab.pdfbase.ttfonts import TTFont

FIRST, LAST = 0xF0000, 0x10FFFD
PRIVATE = f"{chr(FIRST)}-{chr(LAST + 2)}"  # within the brackets of a regular expression

_given: dict[tuple[str, int, str], str] = {}  # by font, glyph and text; at most as many as there are characters
_texts: dict[str, str] = {}
_lock = Lock()


def character_of(font: TTFont, glyph: int, text: str, advance: float) -> str:
    """The character that draws this glyph and is found as `text`; `advance` is in thousandths of an em.

    The text itself, if the font draws it by this glyph. When all 131,000 are taken, further joints of letters are
    drawn as a box.
    """
    if len(text) == 1 and font.face.charToGlyph.get(ord(text)) == glyph:
        return text
    with _lock:
        return _given.get((font.fontName, glyph, text)) or _added(font, glyph, text, advance)


def text_of(character: str) -> str:
    """What a character of a file is found as; empty for a glyph that is a part of the one before."""
    return _texts.get(character, character)


def _added(font: TTFont, glyph: int, text: str, advance: float) -> str:
    code = FIRST + len(_texts)
    if code > LAST:
        return "\N{REPLACEMENT CHARACTER}"
    character = chr(code)
    font.face.charToGlyph[code] = glyph
    font.face.charWidths[code] = advance
    _given[font.fontName, glyph, text] = character
    _texts[character] = text
    return character
