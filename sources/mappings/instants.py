"""Instants in text: year first without a word, day or month first only if that was said, and never without a zone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from sources.mappings.wrong import Unclear, Wrong

EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
CLOCK = (
    r"(?:[,T]?\s*(?:at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?\s*(?P<half>[ap]\.?m\.?)?)?"
)
NAME, DAY, YEAR = r"(?P<name>[a-z]{3,9})\.?", r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>\d{4})"
WEEKDAY = r"(?:[a-z]{3,9},?\s+)?"


def _shape(text: str) -> "re.Pattern[str]":
    return re.compile(text, re.IGNORECASE | re.ASCII)


NUMBERS = _shape(rf"(?P<first>\d{{1,2}})[./-](?P<other>\d{{1,2}})[./-](?P<year>\d{{4}}|\d{{2}}){CLOCK}")
YEAR_FIRST = _shape(rf"{YEAR}[./-](?P<month>\d{{1,2}})[./-](?P<day>\d{{1,2}}){CLOCK}\s*(?P<utc>Z|UTC)?")
DAY_MONTH = _shape(rf"{WEEKDAY}{DAY}[ -]{NAME},?[ -]{YEAR}{CLOCK}")
MONTH_DAY = _shape(rf"{WEEKDAY}{NAME}\s+{DAY},?\s+{YEAR}{CLOCK}")
LONGEST = 60
ORDER = "Say whether the day or the month comes first in the dates of this column."
NO_ZONE = "The time has no zone. Say in which time zone the times of this file are."
NO_INSTANT = "This is not a date or a time that can be read; write it such as 2026-03-01 14:30:00."


def instants(order: str | None, zone: ZoneInfo | None, until: datetime | None) -> Callable[[str], datetime]:
    """How to read a cell; `until` is the last instant that is possible. The instants are in UTC."""
    latest = LATEST if until is None else until + timedelta(days=1)

    def instant(cell: str) -> datetime:
        try:
            found = datetime.fromisoformat(cell) if cell[4:5] == "-" and cell[7:8] == "-" else _other(cell, order)
        except (ValueError, OverflowError) as error:
            if isinstance(error, Wrong):
                raise
            found = _other(cell, order)
        if found.tzinfo is None:
            if zone is None:
                raise Unclear("zone", NO_ZONE)
            found = found.replace(tzinfo=zone)
        try:
            found = found.astimezone(UTC)
        except (OverflowError, ValueError):
            raise Wrong(NO_INSTANT) from None
        if EARLIEST <= found < latest:
            return found
        if until is not None and found >= latest:
            raise Wrong("This instant has not come yet; check the date, and whether day and month are in this order.")
        raise Wrong("Only instants from 1990 to 2099 are possible.")

    return instant


def _other(cell: str, order: str | None) -> datetime:
    """Raises Wrong."""
    if len(cell) > LONGEST:
        raise Wrong(NO_INSTANT)
    try:
        if order in ("unix", "unix-milliseconds"):
            return datetime.fromtimestamp(float(cell) / (1000 if order == "unix-milliseconds" else 1), UTC)
        cell = " ".join(cell.split())
        if found := YEAR_FIRST.fullmatch(cell):
            return _made(found, int(found["month"]), int(found["day"]), UTC if found["utc"] else None)
        if found := DAY_MONTH.fullmatch(cell) or MONTH_DAY.fullmatch(cell):
            return _made(found, MONTHS.index(found["name"][:3].lower()) + 1, int(found["day"]))
        if found := NUMBERS.fullmatch(cell):
            return _ordered(found, order)
    except Wrong:
        raise
    except (ValueError, OverflowError, OSError):
        pass
    raise Wrong(NO_INSTANT)


def _ordered(found: "re.Match[str]", order: str | None) -> datetime:
    first, other = int(found["first"]), int(found["other"])
    if order == "day-first":
        return _made(found, other, first)
    if order == "month-first":
        return _made(found, first, other)
    raise Unclear("dates", ORDER)


def _made(found: "re.Match[str]", month: int, day: int, zone: tzinfo | None = None) -> datetime:
    year = int(found["year"])
    hour = int(found["hour"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            raise Wrong(NO_INSTANT)
        hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
    year += 2000 if year < 100 else 0
    return datetime(year, month, day, hour, int(found["minute"] or 0), int(found["second"] or 0), tzinfo=zone)
