"""The due-scan: one digest per local week, whatever scans, whatever is changed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from actions.preferences import save_preferences
from database.account_directory import invite
from database.accounts import Account
from database.tenancy import platform_tx
from mail.schedule import queue_due_digests
from rules.preferences import Preferences
from tests.builders import ACreator, a_creator
from tests.mailing import mails
from tests.oracle import rows_of

pytestmark = pytest.mark.usefixtures("database")

WEDNESDAY = datetime(2026, 3, 4, 12, tzinfo=UTC)
MONDAY_EIGHT = datetime(2026, 3, 9, 8, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    def set_to(at: datetime) -> None:
        monkeypatch.setenv("DASHBOARD_NOW", at.isoformat())

    set_to(WEDNESDAY)
    return set_to


def test_a_digest_is_asked_for_when_its_hour_has_come_and_not_before(clock) -> None:
    creator = a_reader_of_digests()
    queue_due_digests()

    clock(MONDAY_EIGHT - timedelta(seconds=1))
    early = queue_due_digests()
    clock(MONDAY_EIGHT)
    due = queue_due_digests()
    again = queue_due_digests()

    assert (early, due, again) == (0, 1, 0)
    ((kind, week, due_at, recipient),) = [
        (mail["kind"], mail["period_start"], mail["due_at"], mail["recipient"]) for mail in mails(creator)
    ]
    assert (kind, week, due_at, recipient) == ("digest", date(2026, 3, 2), MONDAY_EIGHT, "mira@example.com")


def test_sixteen_schedulers_in_the_same_minute_ask_for_one_mail(clock) -> None:
    creators = [a_reader_of_digests(f"reader{number}@example.com") for number in range(3)]
    queue_due_digests()
    clock(MONDAY_EIGHT)

    with ThreadPoolExecutor(16) as pool:
        queued = list(pool.map(lambda _: queue_due_digests(), range(16)))

    assert sum(queued) == 3
    assert [len(mails(creator)) for creator in creators] == [1, 1, 1]


def test_the_creators_clock_counts(clock) -> None:
    creator = a_reader_of_digests(timezone="Asia/Kolkata")
    queue_due_digests()

    assert next_due(creator) == datetime(2026, 3, 9, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize("weekday", ["Wednesday", "Friday", "Monday"])
def test_a_change_of_weekday_gives_no_second_digest_of_a_week(clock, weekday: str) -> None:
    creator = a_reader_of_digests(weekday="Monday")
    queue_due_digests()
    clock(MONDAY_EIGHT)
    queue_due_digests()

    choose(creator, Preferences(is_digest_on=True, digest_weekday=weekday, digest_hour=9))
    for hours in range(0, 14 * 24, 6):
        clock(MONDAY_EIGHT + timedelta(hours=hours))
        queue_due_digests()

    weeks = [mail["period_start"] for mail in mails(creator)]
    assert weeks == sorted(set(weeks))
    assert weeks[:2] == [date(2026, 3, 2), date(2026, 3, 9)]


def test_a_move_to_another_zone_is_noticed(clock) -> None:
    creator = a_reader_of_digests()
    queue_due_digests()
    with platform_tx() as connection:
        connection.execute(text("update creators set timezone = 'America/New_York' where id = :id"), {"id": creator.id})

    queue_due_digests()

    assert next_due(creator) == datetime(2026, 3, 9, 12, tzinfo=UTC)


def test_whoever_switches_it_off_gets_none_and_on_again_gets_the_next(clock) -> None:
    creator = a_reader_of_digests()
    queue_due_digests()
    choose(creator, Preferences(is_digest_on=False))
    clock(MONDAY_EIGHT)

    assert queue_due_digests() == 0
    assert next_due(creator) is None

    choose(creator, Preferences(is_digest_on=True))
    assert queue_due_digests() == 0
    assert next_due(creator) == MONDAY_EIGHT + timedelta(days=7)


def test_after_a_long_break_only_the_latest_week_is_asked_for(clock) -> None:
    creator = a_reader_of_digests()
    queue_due_digests()

    clock(MONDAY_EIGHT + timedelta(days=30))
    queue_due_digests()

    assert [mail["period_start"] for mail in mails(creator)] == [date(2026, 3, 30)]


def test_who_never_chose_has_no_schedule_and_who_has_no_address_gets_none(clock) -> None:
    silent = a_creator()
    without_address = a_reader_of_digests(email=None)
    queue_due_digests()
    clock(MONDAY_EIGHT)

    assert queue_due_digests() == 0
    assert rows_of(silent.id, "mail_schedules") == []
    assert next_due(without_address) == MONDAY_EIGHT + timedelta(days=7)


def test_a_year_of_scans_gives_a_digest_for_every_week_through_both_changes_of_the_clocks(clock) -> None:
    creator = a_reader_of_digests(timezone="Europe/Berlin", weekday="Sunday", hour=2)
    for hours in range(0, 366 * 24, 12):
        clock(WEDNESDAY + timedelta(hours=hours))
        queue_due_digests()

    weeks = [mail["period_start"] for mail in mails(creator)]
    assert weeks == [date(2026, 2, 23) + timedelta(days=7 * number) for number in range(52)]


def a_reader_of_digests(
    email: str | None = "mira@example.com", timezone: str = "UTC", weekday: str = "Monday", hour: int = 8
) -> ACreator:
    creator = a_creator(timezone=timezone)
    if email:
        invite(email, "Mira Vale", creator.id)
    choose(creator, Preferences(is_digest_on=True, digest_weekday=weekday, digest_hour=hour))
    return creator


def choose(creator: ACreator, chosen: Preferences) -> None:
    author: Any = Account(creator.id, "Mira", None, "creator", creator.id, "Mira", "enterprise")
    save_preferences(author, creator.id, chosen)


def next_due(creator: ACreator) -> datetime | None:
    ((found),) = rows_of(creator.id, "mail_schedules")
    return found["next_due_at"]
