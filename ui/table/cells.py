"""What stands in the cells of a table: plain values that the browser draws, written here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from rules.formatting import dated, grouped, percent, percent_of_people, timed, timed_to_the_second, whole_rate
from rules.visible import visible_line

Cell = dict[str, Any] | str | None
LONGEST = 300  # characters in a cell; three lines of them show, and all of them on hover


def words(text: str | None) -> str | None:
    """A text on one line; nothing for none."""
    if text is None or pd.isna(text):
        return None
    line = visible_line(str(text))
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def named(name: str, note: str | None = None) -> Cell:
    """The name of a row and, below it, what tells apart two of one name."""
    return {"text": words(name) or "-", "note": words(note)}


def number(value: float | None) -> Cell:
    """A whole number, its thousands apart."""
    return None if value is None or pd.isna(value) else grouped(value)


def share(value: float | None) -> Cell:
    """A percentage."""
    return None if value is None or pd.isna(value) else percent(value)


def bar(value: float | None, *, of_people: bool = False) -> Cell:
    """A percentage with a bar; of people, 100% is everybody."""
    if value is None or pd.isna(value):
        return None
    said = percent_of_people(value) if of_people else percent(value)
    return {"percent": whole_rate(value), "text": said}


def moment(at: datetime | None, timezone: str, *, with_seconds: bool = False) -> Cell:
    """A moment in this time zone, whose name shows on hover."""
    if at is None or pd.isna(at):
        return None
    local = at.astimezone(ZoneInfo(timezone))
    text = timed_to_the_second(local) if with_seconds else timed(local)
    return {"text": text, "iso": local.isoformat(timespec="seconds"), "full": f"{text} ({timezone})"}


def day(on: date | None) -> Cell:
    """A day."""
    if on is None or pd.isna(on):
        return None
    return {"text": dated(on), "iso": on.isoformat(), "full": dated(on)}


def badge(text: str, colour: str) -> Cell:
    """A word or two on a tint of Streamlit's colours: red, orange, yellow, green, blue, violet, gray."""
    return {"text": text, "colour": colour}


def spark(values: Sequence[float], in_words: str) -> Cell:
    """A small line of these values, oldest first, with what it shows in words."""
    return {"values": [float(value) for value in values], "text": in_words} if len(values) > 1 else None


def button(text: str, in_full: str) -> Cell:
    """A button of this row; `in_full` names the row too, for those who hear it."""
    return {"text": text, "full": in_full}
