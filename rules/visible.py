"""Cleans user text for every renderer: pages, files, emails.

Some renderers stop at a character without a shape (a vertical tab, as Word writes it, or U+FFFE), XML and UTF-8
cannot represent others, and a few reverse the rest of their line. Data exports do not use this: they keep every
character.
"""

import re
from typing import Any

LINE_BREAKS = "\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
CONTROLS = "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"  # all except tab and line feed, which stay
HALVES = "\ud800-\udfff"  # of surrogate pairs: no character, and no text in UTF-8
TURNS = "\u202a-\u202e\u2066-\u2069"  # overrides, embeddings and isolates
NO_CHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)
)

UNSHOWN = re.compile(f"[{LINE_BREAKS}{CONTROLS}{HALVES}{TURNS}{NO_CHARACTERS}]")
LINE_BREAK = re.compile(f"\r\n|[{LINE_BREAKS}]")
CONTROL = re.compile(f"[{CONTROLS}]")
HALF = re.compile(f"[{HALVES}]")
WITHOUT_SHAPE = re.compile(f"[{TURNS}{NO_CHARACTERS}]")
DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f]")  # at the beginning of a line they reverse it


def visible(text: str) -> str:
    """The text with line feeds for line breaks, spaces for control characters, and no invisible characters."""
    if not UNSHOWN.search(text):
        return text
    spaced = CONTROL.sub(" ", LINE_BREAK.sub("\n", text))
    return HALF.sub("\N{REPLACEMENT CHARACTER}", WITHOUT_SHAPE.sub("", spaced))


def visible_line(text: str) -> str:
    """The text on one line, with single spaces and without marks that reverse it."""
    return " ".join(DIRECTION_MARKS.sub("", visible(text)).split())


def visible_values(value: Any) -> Any:
    """The same lists and mappings with every text visible, including keys."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible_values(key): visible_values(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [visible_values(each) for each in value]
    return value
