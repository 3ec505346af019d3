"""The fonts of every report: shipped with the project, embedded in the file, chosen by the characters they have."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from reportlab import rl_config
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.ttfonts import TTFont

from database.settings import PROJECT_DIR
from reports.pdf.glyphs import text_of

FONTS = PROJECT_DIR / "reports" / "fonts"
REGULAR, BOLD = "SourceSans3-Regular", "SourceSans3-SemiBold"

SCRIPTS = (
    *("Thai", "Devanagari", "Bengali", "Gujarati", "Gurmukhi", "Kannada", "Malayalam", "Sinhala", "Tamil", "Telugu"),
    *("Oriya", "Lao", "Khmer", "Myanmar", "Ethiopic"),
)
# The first one that has the character draws it. The last two cover Korean, and Chinese and Japanese; they are the
# largest.
FALLBACKS = (
    *(f"NotoSans{script}-Regular" for script in SCRIPTS),
    *("NotoEmoji-Regular", "DroidSansFallbackFull", "NanumGothic"),
)
# Hebrew before DejaVu Sans, which has the letters but not the places of their marks.
CHAIN = (REGULAR, "NotoSansHebrew-Regular", "DejaVuSans", *FALLBACKS)
BOLD_CHAIN = (BOLD, "NotoSansHebrew-Bold", "DejaVuSans-Bold", *FALLBACKS)


@dataclass(frozen=True)
class FontRun:
    """Characters next to one another that one font draws."""

    font: str
    text: str


def font_runs(text: str, bold: bool = False) -> list[FontRun]:
    """The text in pieces, each with the registered font that has its characters.

    A character that no font has stays in the first font: a box is drawn, and the file keeps it as text.
    """
    register_base_fonts()
    chain = BOLD_CHAIN if bold else CHAIN
    runs = groupby(text, key=lambda character: font_of(character, chain))
    return [FontRun(font, "".join(characters)) for font, characters in runs]


@lru_cache(maxsize=20_000)
def font_of(character: str, chain: tuple[str, ...] = CHAIN) -> str:
    """The first font of the chain that has the character; spaces belong to the first."""
    return next((name for name in chain if ord(character) in font_named(name).face.charToGlyph), chain[0])


@lru_cache(maxsize=1)
def register_base_fonts() -> None:
    """Register the text font with ReportLab, including bold; reports use no italics."""
    ttfonts.makeToUnicodeCMap = _to_unicode
    rl_config.canvas_basefontname = REGULAR  # otherwise every file names Helvetica, which is not embedded
    for name in (REGULAR, BOLD):
        font_named(name)
    for italic in (0, 1):
        addMapping(REGULAR, 0, italic, REGULAR)
        addMapping(REGULAR, 1, italic, BOLD)


@lru_cache(maxsize=len({*CHAIN, *BOLD_CHAIN}))
def font_named(name: str) -> TTFont:
    """One of the fonts of CHAIN or BOLD_CHAIN, registered with ReportLab."""
    font = TTFont(name, str(FONTS / f"{name}.ttf"))
    pdfmetrics.registerFont(font)
    return font


def _to_unicode(fontname: str, subset: list[int]) -> str:
    """The table from codes to text, for search; ReportLab's own breaks characters beyond U+FFFF, such as emoji."""
    texts = (text_of(chr(value)).encode("utf-16-be", "replace").hex() for value in subset)
    codes = (f"<{code:02X}> <{text}>" for code, text in enumerate(texts))
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            f"/CIDSystemInfo << /Registry ({fontname}) /Ordering ({fontname}) /Supplement 0 >> def",
            f"/CMapName /{fontname} def /CMapType 2 def",
            f"1 begincodespacerange <00> <{len(subset) - 1:02X}> endcodespacerange",
            f"{len(subset)} beginbfchar",
            *codes,
            "endbfchar endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    )
