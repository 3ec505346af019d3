"""Converts a local date and hour to a time in UTC, across clock changes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

DAYS = 7


def first_instant(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """When it is this hour on this day, in UTC.

    For an hour that the clocks skip: the first instant after the gap. For one that occurs twice: the first.
    """
    wanted = datetime.combine(day, time(hour))
    instant = wanted.replace(tzinfo=zone).astimezone(UTC)  # fold=0: the first of two
    if _local(instant, zone) == wanted:
        return instant
    return _end_of_gap(wanted, instant, zone)


def weekly_instants(after: datetime, zone: ZoneInfo, weekday: int, hour: int) -> Iterator[tuple[date, datetime]]:
    """Each local date with this weekday (Monday is 0) and its instant, starting with the first one after `after`."""
    monday = week_start(_local(after, zone).date()) - timedelta(days=DAYS)
    while True:
        day = monday + timedelta(days=weekday)
        instant = first_instant(day, hour, zone)
        if instant > after:
            yield day, instant
        monday += timedelta(days=DAYS)


def next_weekly(after: datetime, zone: ZoneInfo, weekday: int, hour: int) -> tuple[date, datetime]:
    """The first local date with this weekday whose hour is later than `after`, and its instant."""
    return next(weekly_instants(after, zone, weekday, hour))


def latest_weekly(until: datetime, zone: ZoneInfo, weekday: int, hour: int) -> tuple[date, datetime]:
    """The last local date with this weekday whose hour has come by `until`, and its instant."""
    since = until - timedelta(days=3 * DAYS)
    come = [found for found in islice(weekly_instants(since, zone, weekday, hour), 4) if found[1] <= until]
    return come[-1]


def week_start(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def _end_of_gap(wanted: datetime, beyond: datetime, zone: ZoneInfo) -> datetime:
    """The first instant whose local time is not before `wanted`; `beyond` is one, up to a gap's length later."""
    before = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while beyond - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(beyond - before) // timedelta(seconds=2))
        if _local(middle, zone) < wanted:
            before = middle
        else:
            beyond = middle
    return beyond


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)
