"""One instant per local week, whatever a zone's clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from database.local_time import first_instant, latest_weekly, next_weekly, week_start, weekly_instants

BERLIN = ZoneInfo("Europe/Berlin")
TEN_YEARS_FROM = datetime(2025, 12, 29, tzinfo=UTC)
# Clocks change at night and mostly on Sundays: the usual time, and those at which they change.
CHOICES = [(0, 8), (6, 0), (6, 2)]
MONDAY, FRIDAY, SUNDAY = 0, 4, 6


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_every_zone_has_one_per_local_week_for_ten_years(choice: tuple[int, int]) -> None:
    zones = sorted(available_timezones())
    assert len(zones) > 400
    for name in zones:
        check_ten_years(ZoneInfo(name), *choice)


def test_an_hour_that_is_skipped_moves_to_the_first_valid_instant() -> None:
    assert first_instant(date(2026, 3, 29), 2, BERLIN) == datetime(2026, 3, 29, 1, tzinfo=UTC)  # shown as 3:00


def test_an_hour_that_comes_twice_is_taken_the_first_time() -> None:
    assert first_instant(date(2026, 10, 25), 2, BERLIN) == datetime(2026, 10, 25, 0, tzinfo=UTC)


def test_a_half_hour_gap_ends_at_its_end() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")

    assert first_instant(date(2026, 10, 4), 2, lord_howe) == datetime(2026, 10, 3, 15, 30, tzinfo=UTC)  # shown as 2:30


def test_a_day_that_a_country_left_out_moves_to_the_next_one() -> None:
    apia = ZoneInfo("Pacific/Apia")
    after = datetime(2011, 12, 27, tzinfo=UTC)

    day, instant = next_weekly(after, apia, FRIDAY, 8)

    assert (day, instant) == (date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC))
    assert next_weekly(instant, apia, FRIDAY, 8)[0] == date(2012, 1, 6)


def test_the_week_begins_on_monday() -> None:
    assert week_start(date(2026, 3, 1)) == date(2026, 2, 23)
    assert week_start(date(2026, 3, 2)) == date(2026, 3, 2)


def test_the_latest_one_is_the_one_before_the_next() -> None:
    eight = datetime(2026, 3, 2, 7, tzinfo=UTC)

    assert latest_weekly(eight - timedelta(seconds=1), BERLIN, MONDAY, 8)[0] == date(2026, 2, 23)
    assert latest_weekly(eight, BERLIN, MONDAY, 8) == (date(2026, 3, 2), eight)
    assert next_weekly(eight, BERLIN, MONDAY, 8)[0] == date(2026, 3, 9)
    assert next_weekly(eight - timedelta(seconds=1), BERLIN, MONDAY, 8) == (date(2026, 3, 2), eight)


def check_ten_years(zone: ZoneInfo, weekday: int, hour: int) -> None:
    weeks = [next_weekly(TEN_YEARS_FROM, zone, weekday, hour)]
    for found in weekly_instants(weeks[0][1], zone, weekday, hour):
        if found[1] > TEN_YEARS_FROM + timedelta(days=3653):
            break
        weeks.append(found)
    days = [day for day, _ in weeks]
    assert all(later - earlier == timedelta(days=7) for earlier, later in pairwise(days)), zone
    assert 520 <= len(days) <= 523, zone
    for day, instant in weeks:
        check_instant(zone, datetime.combine(day, time(hour)), instant)


def check_instant(zone: ZoneInfo, wanted: datetime, instant: datetime) -> None:
    """The zone's clock shows the wanted time and has not shown it before; or it jumps over it at this instant."""
    shown = instant.astimezone(zone).replace(tzinfo=None)
    if shown == wanted:
        assert (instant - timedelta(hours=1)).astimezone(zone).replace(tzinfo=None) < wanted, (zone, wanted)
    else:
        a_second_before = (instant - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert a_second_before < wanted < shown, (zone, wanted)
