"""The local week that a digest is about."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from database.local_time import first_instant, week_start
from rules.errors import InputError
from rules.sentences import figure

NAMED = re.compile(r"([0-9]{4})-W([0-9]{2})")
YEARS = range(1970, 2101)  # the weeks beside them can be reckoned too, in every zone
LAST_MOMENT = timedelta(microseconds=1)  # the smallest unit of the database


@dataclass(frozen=True)
class Week:
    """Monday to Sunday in a zone of the tz database."""

    monday: date
    timezone: str

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def before(self) -> "Week":
        return Week(self.monday - timedelta(days=7), self.timezone)

    @property
    def after(self) -> "Week":
        return Week(self.monday + timedelta(days=7), self.timezone)

    @property
    def begins_at(self) -> datetime:
        return first_instant(self.monday, 0, ZoneInfo(self.timezone))

    @property
    def last_moment(self) -> datetime:
        """At this moment, "the last 7 days" of every query are this week."""
        return self.after.begins_at - LAST_MOMENT

    @property
    def name(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02d}"

    @property
    @figure
    def label(self) -> str:
        """Such as 28 September to 4 October 2026."""
        first = f"{self.monday.day}"
        if self.monday.month != self.sunday.month:
            first += f" {self.monday:%B}"
        if self.monday.year != self.sunday.year:
            first += f" {self.monday.year}"
        return f"{first} to {self.sunday.day} {self.sunday:%B} {self.sunday.year}"

    @property
    def zone_label(self) -> str:
        return self.timezone.replace("_", " ")


def week_named(name: str, timezone: str) -> Week:
    """The week written as in 2026-W40 (ISO 8601); raises InputError for anything else, and far-off years."""
    found = NAMED.fullmatch(name)
    if found is None:
        raise _refused(name)
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        raise _refused(name) from None
    if monday.year not in YEARS:
        raise InputError(f'"{name}" is too far away; choose a week of the years {YEARS[0]} to {YEARS[-1]}.')
    return Week(monday, timezone)


def ended_week(name: str, timezone: str, at: datetime) -> Week:
    """The same week; raises InputError for one that was not over at this moment, too."""
    week = week_named(name, timezone)
    if week.last_moment > at:
        raise InputError(f"The week {week.name} is not over yet; choose an earlier one.")
    return week


def last_full_week(at: datetime, timezone: str) -> Week:
    """The last week that had ended at this moment."""
    today = at.astimezone(ZoneInfo(timezone)).date()
    return Week(week_start(today), timezone).before


def _refused(name: str) -> InputError:
    return InputError(f'"{name}" is not a week; write the year and the week number, such as 2026-W40.')
