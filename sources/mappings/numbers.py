"""Numbers in text: plain ones as they are; with a comma, a dot or a space between digits only as the mapping says."""

import re
from collections.abc import Callable
from math import isfinite

from sources.mappings.wrong import Unclear, Wrong

PLAIN = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})", re.A)
STYLES: dict[str, tuple["re.Pattern[str]", str, str]] = {  # the shape, what separates thousands, what decimals
    "1234.5": (PLAIN, "", "."),
    "1,234.5": (re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d{1,15})?", re.A), ",", "."),
    "1.234,5": (re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3}){1,4}|\d{1,15})(?:,\d{1,15})?", re.A), ".", ","),
    "1 234,5": (re.compile(r"[+-]?(?:\d{1,3}(?: \d{3}){1,4}|\d{1,15})(?:,\d{1,15})?", re.A), " ", ","),
    "1'234.5": (re.compile(r"[+-]?(?:\d{1,3}(?:'\d{3}){1,4}|\d{1,15})(?:\.\d{1,15})?", re.A), "'", "."),
}
SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'"})
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.A)  # 1.234 is more than a thousand in half of the world
UNCLEAR = "Say what a comma and a dot mean in the numbers of this column."
LOOKS = re.compile(r"[+-]?\d{1,15}(?:[.,'’\s]\d{1,15})+", re.A)
NO_NUMBER = "This is not a number."
UNITS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0}
WORDS = re.compile(
    r"(\d{1,6})\s*(d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)\b[\s,]*", re.I | re.A
)
WORTH = {"d": 86400, "h": 3600, "m": 60, "s": 1}
CLOCK = re.compile(r"(?:(\d{1,5}):)?(\d{1,5}):(\d{2})(?:[.,]\d{1,9})?", re.A)


def number(cell: str, style: str | None) -> float:
    """Raises Wrong, and Unclear for separators that may mean either."""
    if style is None:
        if PLAIN.fullmatch(cell) and not THOUSANDS.fullmatch(cell):
            return float(cell)
        raise Unclear("numbers", UNCLEAR) if LOOKS.fullmatch(cell) else Wrong(NO_NUMBER)
    shape, thousands, decimals = STYLES[style]
    cell = cell.translate(SPACES)
    if not shape.fullmatch(cell):
        rule = f"This is not a number written like {style}."
        raise Wrong(rule if LOOKS.fullmatch(cell) else NO_NUMBER)
    found = float((cell.replace(thousands, "") if thousands else cell).replace(decimals, "."))
    if not isfinite(found):
        raise Wrong(NO_NUMBER)
    return found


def whole_number(cell: str, style: str | None) -> int:
    """Raises Wrong for decimals too."""
    if cell.isascii() and cell.isdigit() and len(cell) <= 9:
        return int(cell)
    found = number(cell, style)
    if not found.is_integer() or abs(found) > 2**31 - 1:
        raise Wrong("This is not a whole number that can be stored.")
    return int(found)


def percents(unit: str | None, style: str | None, cap: bool, capped: Callable[[], None]) -> Callable[[str], float]:
    """How to read a percentage; a cell with a % sign says itself what it is. `capped` is called for more than 100."""

    def percent(cell: str) -> float:
        if cell[-1] == "%":
            found = number(cell[:-1].rstrip(), style)
        elif unit is None:
            raise Unclear("percent", "Say whether 85 or 0.85 means 85%.")
        else:
            found = number(cell, style)
            if unit == "share":
                if found > 1 and not cap:
                    raise Wrong("Shares go from 0 to 1; this is more than 1.")
                found = round(found * 100, 9)
        if found > 100 and cap:
            capped()
            return 100.0
        if not 0 <= found <= 100:
            raise Wrong("Percentages go from 0 to 100.")
        return found

    return percent


def share(cell: str, style: str | None) -> float:
    """From 0 to 1; 85% is 0.85. Raises Wrong."""
    found = number(cell[:-1].rstrip(), style) / 100 if cell[-1] == "%" else number(cell, style)
    if not 0 <= found <= 1:
        raise Wrong("Shares go from 0 to 1.")
    return found


def seconds(unit: str | None, style: str | None) -> Callable[[str], int]:
    """How to read a length or a place in time; 1:02:03 needs no unit."""
    most = 2**31 - 1

    def whole_seconds(cell: str) -> int:
        if ":" in cell:
            found: float = _clock(cell, unit)
        elif unit == "words":
            found = _in_words(cell)
        elif unit in UNITS:
            found = number(cell, style) * UNITS[unit]
        elif unit is None:
            raise Unclear("seconds", "Say whether these are seconds, minutes or hours.")
        else:
            raise Wrong(f"This is not a time written like {unit}.")
        if not 0 <= found <= most:
            raise Wrong("Seconds are counted from 0.")
        return round(found)

    def of_digits(cell: str) -> int:
        return int(cell) if cell.isascii() and cell.isdigit() and len(cell) <= 9 else whole_seconds(cell)

    return of_digits if unit == "seconds" else whole_seconds


def _clock(cell: str, unit: str | None) -> int:
    found = CLOCK.fullmatch(cell)
    if not found:
        raise Wrong("This is not a time written like 1:02:03.")
    first, middle, last = found.groups()
    if first is not None:
        if int(middle) > 59 or int(last) > 59:
            raise Wrong("Minutes and seconds go up to 59.")
        return int(first) * 3600 + int(middle) * 60 + int(last)
    if int(last) > 59:
        raise Wrong("Minutes and seconds go up to 59.")
    if unit == "h:mm":
        return int(middle) * 3600 + int(last) * 60
    if unit in ("m:ss", "seconds", "minutes"):
        return int(middle) * 60 + int(last)
    raise Unclear("seconds", "Say whether this is minutes and seconds (m:ss) or hours and minutes (h:mm).")


def _in_words(cell: str) -> int:
    if not cell or WORDS.sub("", cell.strip()):
        raise Wrong("This is not a time in words such as 5 mins 3 secs.")
    return sum(int(amount) * WORTH[word[0].lower()] for amount, word in WORDS.findall(cell))
