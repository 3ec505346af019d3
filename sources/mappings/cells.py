"""How the cells of a field are read: one function per field, from text to the field's type."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sources.mappings.fields import Field
from sources.mappings.instants import instants
from sources.mappings.model import Value
from sources.mappings.numbers import number, percents, seconds, share, whole_number
from sources.mappings.wrong import Unclear, Wrong

Read = Callable[[str], Any]

LONGEST_ID, LONGEST_NAME, MOST_ITEMS = 200, 300, 100
LONGEST = {
    "transcript": 1_000_000,
    "description": 100_000,
    "content": 100_000,
    "prompt": 100_000,
    "answer": 100_000,
    "correct_answer": 100_000,
}
SHORTENED = re.compile(r"[+-]?\d(?:[.,]\d+)?[eE]\+?\d{1,3}", re.A)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
SPREADSHEET_ERRORS = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
YES, NO = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n"})


@dataclass(frozen=True)
class Style:
    """What holds for the whole file unless a field says otherwise."""

    dates: str | None
    zone: str | None
    numbers: str | None
    now: datetime


def reader(field: Field, value: Value, style: Style, capped: Callable[[], None], maximum: float | None) -> Read:
    """How to read a cell that is not empty; reading raises Wrong. `maximum`: how many points can be had."""
    numbers = value.numbers or style.numbers
    match field.type:
        case "id":
            return lower_id if value.lower else an_id
        case "text":
            return partial(a_text, longest=LONGEST.get(field.name, LONGEST_NAME))
        case "whole number":
            return partial(whole_number, style=numbers)
        case "seconds":
            return seconds(value.unit, numbers)
        case "percent":
            return _score(value, numbers, capped, maximum)
        case "share":
            return partial(share, style=numbers)
        case "instant":
            zone = value.zone or style.zone
            until = style.now if field.is_past else None
            return instants(value.dates or style.dates, ZoneInfo(zone) if zone else None, until)
        case "yes or no":
            return _yes_or_no(value, numbers, capped, maximum)
        case "list":
            return partial(_items, separator=value.separator)
        case "choice":
            return partial(_choice, choices={one.casefold(): one for one in field.choices})


def an_id(cell: str) -> str:
    """An id, as it is written: leading zeros count. Raises Wrong."""
    if len(cell) > LONGEST_ID:
        raise Wrong(f"An id has at most {LONGEST_ID} characters.")
    if SHORTENED.fullmatch(cell):
        raise Wrong(
            "A spreadsheet has shortened this number and lost digits. Format the column as text and export again."
        )
    return a_text(cell)


def lower_id(cell: str) -> str:
    return an_id(cell).lower()


def a_text(cell: str, longest: int = LONGEST_NAME) -> str:
    """Raises Wrong for characters that are no text, and for an error of a spreadsheet."""
    if CONTROL.search(cell):
        raise Wrong("The text has characters that cannot be shown, such as NUL.")
    if len(cell) > longest:
        raise Wrong(f"This text has at most {longest:,} characters.")
    if cell[0] == "#" and cell in SPREADSHEET_ERRORS:
        raise Wrong("The spreadsheet could not calculate this cell.")
    return cell


def _score(value: Value, numbers: str | None, capped: Callable[[], None], maximum: float | None) -> Read:
    if maximum is None:
        return percents(value.unit, numbers, value.cap, capped)
    most = maximum

    def score(cell: str) -> float:
        found = number(cell, numbers) / most * 100
        if found > 100 and value.cap:
            capped()
            return 100.0
        if not 0 <= found <= 100:
            raise Wrong(f"Of {most:g} points, from 0 to {most:g} can be had.")
        return round(found, 9)

    return score


def _yes_or_no(value: Value, numbers: str | None, capped: Callable[[], None], maximum: float | None) -> Read:
    if value.filled:
        return bool
    if value.full_marks:
        return lambda cell: number(cell, numbers) >= (maximum or 0.0)
    if value.at_least is not None:
        score, least = _score(value, numbers, capped, maximum), value.at_least
        return lambda cell: score(cell) >= least
    yes = {one.casefold() for one in value.yes} or YES
    no = {one.casefold() for one in value.no} or (NO if not value.yes else set())

    def is_so(cell: str) -> bool:
        word = cell.casefold()
        if word in yes:
            return True
        if word in no:
            return False
        raise Unclear("yes", "Say which words of this column mean yes and which mean no.")

    return is_so


def _items(cell: str, separator: str) -> tuple[str, ...]:
    items = tuple(item for part in cell.split(separator or ";") if (item := part.strip()))
    if len(items) > MOST_ITEMS:
        raise Wrong(f"A list has at most {MOST_ITEMS} items.")
    return tuple(a_text(item) for item in items)


def _choice(cell: str, choices: dict[str, str]) -> str:
    found = choices.get(cell.casefold())
    if found is None:
        raise Wrong(f"Only these are possible: {', '.join(choices.values())}.")
    return found
