"""Text whose letters join, move or run from the right, as glyphs in their places.

A shaping engine (HarfBuzz) does what each script demands: Arabic letters join, Indian vowel signs stand before their
consonants, marks stand above what they belong to, and joined emoji are one picture.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, chain, groupby, pairwise

import uharfbuzz
from bidi.mirror import MIRRORED
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import ShapeData, ShapedStr

from reports.pdf.fonts import BOLD_CHAIN, CHAIN, font_named, font_of
from reports.pdf.glyphs import character_of
from reports.pdf.order import LEFT, RIGHT, levels, on_paper

HEBREW = "\u0590-\u05ff\ufb1d-\ufb4f"
ARABIC = "\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
FURTHER = "\U00010800-\U00010fff\U0001e800-\U0001efff"
# India's, Thai, Lao, Tibetan, Burmese, Ethiopic's neighbours and Khmer, and their extensions.
JOINED = "\u0900-\u109f\u1780-\u17ff\u1cd0-\u1cff\ua8e0-\ua8ff\ua9e0-\ua9ff\uaa60-\uaa7f"
MARKS = "\u0300-\u036f"
JOINERS = "\u200c\u200d"
SKIN_TONES = "\U0001f3fb-\U0001f3ff"
FLAGS = "\U0001f1e6-\U0001f1ff"  # two letters are a flag

FROM_THE_RIGHT = re.compile(f"[{HEBREW}{ARABIC}{FURTHER}]")
SHAPED = re.compile(f"[{HEBREW}{ARABIC}{FURTHER}{JOINED}{MARKS}{JOINERS}{SKIN_TONES}{FLAGS}]")
SCRIPTS = ((re.compile(f"[{HEBREW}]"), "Hebr"), (re.compile(f"[{ARABIC}]"), "Arab"), (SHAPED, "joined"))
EMOJI = "NotoEmoji-Regular"
PLAIN = ""
# Thai and Lao have no spaces; these vowels stay with what is before them, and those with what is behind.
VOWELS_BEHIND = re.compile("[\u0e30-\u0e33\u0e45\u0eb0-\u0eb3]")
VOWELS_BEFORE = re.compile("[\u0e40-\u0e44\u0ec0-\u0ec4]")
MOST_RIGHT = 100  # thousandths of an em


@dataclass(frozen=True)
class Piece:
    """Characters in one font, script and direction, in the order of reading."""

    font: str
    level: int
    script: str
    text: str


@dataclass(frozen=True)
class ShapedRun:
    """Glyphs from left to right in one font; `width` is in thousandths of the font's size.

    `said` is what they are read as together, where a reader of the file would tear them apart.
    """

    font: str
    glyphs: str
    width: float
    said: str = ""


@dataclass(frozen=True)
class _Glyph:
    """A glyph in its place; measures are in thousandths of an em."""

    number: int
    advance: float
    right: float
    up: float


@dataclass(frozen=True)
class _Cluster:
    """Characters that cannot be told apart on paper, and their glyphs from left to right."""

    text: str
    glyphs: tuple[_Glyph, ...]

    @property
    def is_moved(self) -> bool:
        """Whether a mark is so far from where it would stand that a reader takes it for another word or line."""
        return any(glyph.up or abs(glyph.right) > MOST_RIGHT for glyph in self.glyphs)


def needs_shaping(text: str) -> bool:
    """Whether the text cannot be written letter by letter from the left."""
    return SHAPED.search(text) is not None


def base_of(text: str) -> int:
    """Where a paragraph begins: on the right if its first letter with a direction does."""
    directions = (unicodedata.bidirectional(character) for character in text)
    first = next((direction for direction in directions if direction in ("L", "R", "AL")), "L")
    return LEFT if first == "L" else RIGHT


@lru_cache(maxsize=4_000)  # a table measures its cells several times, word by word, and names repeat
def shaped(line: str, base: int = LEFT, *, bold: bool = False) -> tuple[ShapedRun, ...]:
    """One line, from left to right."""
    return tuple(run for piece in on_paper(list(_pieces(line, base, bold))) for run in _shaped(piece))


def width_of(runs: Sequence[ShapedRun], size: float) -> float:
    """The width of the runs in this size."""
    return sum(run.width for run in runs) * size / 1000


def split_to_fit(word: str, room: float, size: float, *, bold: bool) -> list[str]:
    """A word that is wider than the room, in pieces; letters that belong together stay so."""
    pieces, current, taken = [], "", 0.0
    for cluster in _clusters(word):
        width = width_of(shaped(cluster, bold=bold), size)
        if current and taken + width > room:
            pieces.append(current)
            current, taken = "", 0.0
        current, taken = current + cluster, taken + width
    return [*pieces, current]


def _pieces(line: str, base: int, bold: bool) -> Iterator[Piece]:
    level_of = levels(line, base) if base == RIGHT or FROM_THE_RIGHT.search(line) else [LEFT] * len(line)
    looks = list(_looks(line, BOLD_CHAIN if bold else CHAIN))
    for (level, (font, script)), places in groupby(range(len(line)), key=lambda place: (level_of[place], looks[place])):
        yield Piece(font, level, script, "".join(line[place] for place in places))


def _looks(line: str, fonts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The font and script of each character; joiners and marks go with what is before them, if its font has them."""
    before = (fonts[0], PLAIN)
    for character in line:
        if character in JOINERS or (_is_mark(character) and _has(before[0], character)):
            before = (before[0], before[1] or "joined")
        else:
            font = font_of(character, fonts)
            before = (font, "joined" if font == EMOJI else _script(character))
        yield before


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or "\U0001f3fb" <= character <= "\U0001f3ff"


def _has(font: str, character: str) -> bool:
    return ord(character) in font_named(font).face.charToGlyph


def _script(character: str) -> str:
    return next((name for pattern, name in SCRIPTS if pattern.match(character)), PLAIN)


def _clusters(word: str) -> Iterator[str]:
    """Letters with what may not be parted from them at the end of a line."""
    current = ""
    for character in word:
        if current and not _is_joined(current[-1], character):
            yield current
            current = ""
        current += character
    if current:
        yield current


def _is_joined(before: str, character: str) -> bool:
    is_conjunct = unicodedata.combining(before) == 9  # a virama joins the next consonant
    stays = _is_mark(character) or character in JOINERS or VOWELS_BEHIND.match(character)
    return bool(stays or is_conjunct or before in JOINERS or VOWELS_BEFORE.match(before))


def _shaped(piece: Piece) -> tuple[ShapedRun, ...]:
    if piece.script == PLAIN and piece.level % 2 == LEFT:
        return (ShapedRun(piece.font, piece.text, float(stringWidth(piece.text, piece.font, 1000))),)
    return _placed(piece.font, piece.level % 2, piece.text)


@lru_cache(maxsize=4_000)
def _placed(font: str, direction: int, text: str) -> tuple[ShapedRun, ...]:
    """The piece with every glyph where the engine puts it."""
    runs = []
    for is_moved, members in groupby(_clusters_of(font, direction, text), key=lambda cluster: cluster.is_moved):
        clusters = list(members)
        runs += [_run(font, direction, [one]) for one in clusters] if is_moved else [_run(font, direction, clusters)]
    return tuple(runs)


def _run(font: str, direction: int, clusters: Sequence[_Cluster]) -> ShapedRun:
    registered = font_named(font)
    characters, places = [], []
    for glyph, text in chain.from_iterable(_told(cluster, direction) for cluster in clusters):
        nominal = _engine(font).get_glyph_h_advance(glyph.number) * _scale(font)
        characters.append(character_of(registered, glyph.number, text, nominal))
        width = registered.face.charWidths.get(ord(characters[-1]), registered.face.defaultWidth)
        places.append(ShapeData(0, glyph.advance, 0, glyph.right, glyph.up, width))
    glyphs = ShapedStr("".join(characters), places)  # type: ignore[arg-type]  # as ReportLab itself gives them
    said = clusters[0].text if clusters[0].is_moved else ""
    return ShapedRun(font, glyphs, sum(place.x_advance for place in places), said)


def _settled(cluster: _Cluster) -> _Cluster:
    """A cluster with moved marks, drawn so that its last glyph ends it: there, a reader of the file sees its end."""
    if not cluster.is_moved:
        return cluster
    starts = list(accumulate((glyph.advance for glyph in cluster.glyphs), initial=0.0))
    at = [replace(glyph, right=start + glyph.right) for start, glyph in zip(starts, cluster.glyphs, strict=False)]
    *others, last = sorted(at, key=lambda glyph: glyph.right + glyph.advance)
    return replace(
        cluster, glyphs=(*(replace(glyph, advance=0.0) for glyph in others), replace(last, advance=starts[-1]))
    )


def _told(cluster: _Cluster, direction: int) -> list[tuple[_Glyph, str]]:
    """The glyphs from left to right, and the cluster's text shared out among them: in order, the last has the rest."""
    glyphs = cluster.glyphs if direction == LEFT else cluster.glyphs[::-1]
    most = len(glyphs) - 1
    text = [*cluster.text[:most], cluster.text[most:]] + [""] * (most - len(cluster.text))
    told = list(zip(glyphs, text, strict=True))
    return told if direction == LEFT else [(glyph, MIRRORED.get(text, text)) for glyph, text in reversed(told)]


def _clusters_of(font: str, direction: int, text: str) -> list[_Cluster]:
    """The clusters from left to right."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "ltr" if direction == LEFT else "rtl"
    uharfbuzz.shape(_engine(font), buffer, {})
    scale = _scale(font)
    found = [
        (info.cluster, _Glyph(info.codepoint, at.x_advance * scale, at.x_offset * scale, at.y_offset * scale))
        for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]
    starts = sorted({start for start, _ in found})
    ends = dict(pairwise([*starts, len(text)]))
    return [
        _settled(_Cluster(text[start : ends[start]], tuple(glyph for _, glyph in members)))
        for start, members in groupby(found, key=lambda each: each[0])
    ]


@lru_cache(maxsize=64)
def _engine(font: str) -> uharfbuzz.Font:
    return uharfbuzz.Font(font_named(font).hbFace)


def _scale(font: str) -> float:
    return 1000 / float(_engine(font).face.upem)
