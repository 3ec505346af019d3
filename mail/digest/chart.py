"""The digest's chart: active students per weekday, next to those of the week before.

Drawn by Pillow, not by the charts of the pages: their engine takes about 100 ms a chart and 280 MB of memory, which
is more than everything else in a digest together.
"""

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageColor, ImageDraw, ImageFont

from mail.digest.content import Day
from rules.formatting import grouped

SCALE = 2  # pixels per point: sharp on a phone
WIDTH, HEIGHT = 560, 220
MARGIN, TOP, BOTTOM = 8, 60, 36
BAR, GAP = 30, 4
FONT = 18  # large enough on a screen of 320 points

# Drawn with palette indexes instead of colours, which saves reducing half a million pixels to a palette. The greys form
# one ramp, darker from paper to ink, so that the soft edges of letters come out right; the blue has no soft edges.
PAPER, BEFORE, QUIET, INK, THIS = 0, 80, 160, 254, 255
RAMP = ((PAPER, "#ffffff"), (BEFORE, "#b6c0cd"), (QUIET, "#55606e"), (INK, "#0b1219"))
QUICKLY = 3  # a third of the time of the default level, for 3 kB more
BLUE = "#1f5fbf"


def activity_chart(days: Sequence[Day]) -> bytes:
    """The chart as PNG on a white background, so that it is readable in a dark email too."""
    image = Image.new("L", (WIDTH * SCALE, HEIGHT * SCALE), PAPER)
    draw = ImageDraw.Draw(image)
    _legend(draw)
    most = max([1, *(max(day.active_students, day.active_before) for day in days)])
    step = (WIDTH - 2 * MARGIN) / len(days)
    for place, day in enumerate(days):
        _day(draw, day, MARGIN + step * (place + 0.5), most)
    _rectangle(draw, (MARGIN, HEIGHT - BOTTOM, WIDTH - MARGIN, HEIGHT - BOTTOM + 1), BEFORE)
    return _png(image)


def chart_in_words(days: Sequence[Day]) -> str:
    """The alternative text of the chart."""
    told = ", ".join(f"{day.weekday} {grouped(day.active_students)} ({grouped(day.active_before)})" for day in days)
    return f"Active students per day, with the week before in brackets: {told}."


def _legend(draw: ImageDraw.ImageDraw) -> None:
    _text(draw, (MARGIN, 16), "Active students", INK, "lm")
    for left, colour, label in ((WIDTH - 282, THIS, "this week"), (WIDTH - 164, BEFORE, "week before")):
        _rectangle(draw, (left, 9, left + 14, 23), colour)
        _text(draw, (left + 20, 16), label, QUIET, "lm")


def _day(draw: ImageDraw.ImageDraw, day: Day, middle: float, most: int) -> None:
    """Two bars side by side, with the figure of this week above."""
    floor, room = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP
    this, before = (floor - room * count / most for count in (day.active_students, day.active_before))
    _rectangle(draw, (middle - GAP / 2 - BAR, before, middle - GAP / 2, floor), BEFORE)
    _rectangle(draw, (middle + GAP / 2, this, middle + GAP / 2 + BAR, floor), THIS)
    _text(draw, (middle + (GAP + BAR) / 2, this - 4), grouped(day.active_students), INK, "mb")
    _text(draw, (middle, HEIGHT - BOTTOM / 2 + 2), day.weekday[:3], QUIET, "mm")


def _rectangle(draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], colour: int) -> None:
    left, top, right, bottom = (edge * SCALE for edge in box)
    if bottom > top:  # always visible: at least one row of pixels
        draw.rectangle((left, min(top, bottom - 1), right - 1, bottom - 1), fill=colour)


def _text(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, colour: int, anchor: str) -> None:
    draw.text((at[0] * SCALE, at[1] * SCALE), text, fill=colour, font=_font(), anchor=anchor)


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(FONT * SCALE)  # only figures and English words are drawn


@lru_cache(maxsize=1)
def _palette() -> list[int]:
    """Red, green and blue of each palette index."""
    greys = [
        round(start + (end - start) * step / (last - first))
        for (first, lighter), (last, darker) in pairwise(RAMP)
        for step in range(last - first)
        for start, end in zip(ImageColor.getrgb(lighter), ImageColor.getrgb(darker), strict=True)
    ]
    return [*greys, *ImageColor.getrgb(RAMP[-1][1]), *ImageColor.getrgb(BLUE)]


def _png(image: Image.Image) -> bytes:
    image.putpalette(_palette())
    file = BytesIO()
    image.save(file, "PNG", compress_level=QUICKLY)
    return file.getvalue()
