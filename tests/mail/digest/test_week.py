"""The week that a digest is about."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mail.digest.week import Week, last_full_week, week_named
from rules.errors import InputError

BERLIN = "Europe/Berlin"


def test_a_week_is_named_as_in_iso_8601():
    week = week_named("2026-W40", BERLIN)

    assert (week.monday, week.sunday, week.name) == (date(2026, 9, 28), date(2026, 10, 4), "2026-W40")
    assert week.label == "28 September to 4 October 2026"
    assert week_named("2026-W53", "UTC").label == "28 December 2026 to 3 January 2027"


@pytest.mark.parametrize("name", ["2026-40", "2026-W54", "2026-W00", "last week", "0000-W01", ""])
def test_anything_else_is_refused_with_an_example(name):
    with pytest.raises(InputError, match=f'"{name}" is not a week.*2026-W40'):
        week_named(name, BERLIN)


def test_the_last_moment_is_just_before_the_next_monday_in_the_zone():
    week = Week(date(2026, 10, 19), BERLIN)  # the clocks go back on the Sunday

    assert week.begins_at == datetime(2026, 10, 18, 22, tzinfo=UTC)
    assert week.last_moment == datetime(2026, 10, 25, 23, tzinfo=UTC) - timedelta(microseconds=1)
    assert week.after.begins_at - week.begins_at == timedelta(days=7, hours=1)


@pytest.mark.parametrize(
    ("at", "monday"),
    [
        (datetime(2026, 3, 2, 4, 59, tzinfo=UTC), date(2026, 2, 16)),  # Sunday 23:59 in New York
        (datetime(2026, 3, 2, 5, 0, tzinfo=UTC), date(2026, 2, 23)),  # Monday midnight
    ],
)
def test_the_last_full_week_is_over_in_the_creators_zone(at, monday):
    assert last_full_week(at, "America/New_York") == Week(monday, "America/New_York")
