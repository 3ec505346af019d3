"""Which time zones exist, and that the list follows server and program."""

import logging
import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import URL, text

from database import time_zones as judge
from database.engine import engine
from database.migrate import migrate
from database.time_zones import check_time_zone, time_zones
from rules.errors import InputError
from tests.builders import a_creator


def test_python_and_the_server_know_every_zone_that_is_offered(shared_database: URL) -> None:
    offered = time_zones()

    assert offered[:2] == ["UTC", "Africa/Abidjan"]
    assert {"Europe/Berlin", "EST5EDT", "Etc/GMT+3"} <= set(offered)
    assert {"Factory", "localtime", "PST", "europe/berlin"}.isdisjoint(offered)
    for name in offered:
        assert ZoneInfo(name).key == name
    with engine().connect() as connection:
        known = set(connection.execute(text("select name from pg_timezone_names")).scalars())
    assert set(offered) <= known


@pytest.mark.parametrize(
    ("wrong", "instead"),
    [
        ("europe/berlin", "Europe/Berlin"),
        ("Europe/Berln", "Europe/Berlin"),
        (" Asia/Kolkata", "Asia/Kolkata"),
        ("UTC+3", "such as UTC."),
        ("Z", "Europe/Berlin"),
    ],
)
def test_the_nearest_zone_is_named_instead(shared_database: URL, wrong: str, instead: str) -> None:
    with pytest.raises(InputError) as refused:
        check_time_zone(wrong)

    assert f'There is no time zone "{wrong}"' in str(refused.value)
    assert instead in str(refused.value)


def test_python_knows_them_on_a_machine_without_zones_too(shared_database: URL) -> None:
    asked = [sys.executable, "-c", "import zoneinfo; print(*sorted(zoneinfo.available_timezones()))"]
    without = subprocess.run(asked, env={"PYTHONTZPATH": ""}, capture_output=True, text=True, check=True)

    assert set(time_zones()) <= set(without.stdout.split())


def test_each_migration_adds_what_is_known_now_and_removes_what_is_not(database: URL) -> None:
    every = time_zones()
    with engine().begin() as connection:
        connection.execute(text("delete from time_zones where name like 'Asia/%'"))
        connection.execute(text("insert into time_zones values ('Mars/Olympus')"))

    migrate()

    assert time_zones() == every


def test_a_zone_that_a_creator_has_stays_and_is_warned_of(
    database: URL, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    a_creator(timezone="Asia/Kolkata")
    of_an_older_program = judge.available_timezones() - {"Asia/Kolkata", "Asia/Tokyo"}  # type: ignore[attr-defined]
    monkeypatch.setattr(judge, "available_timezones", lambda: of_an_older_program)

    with caplog.at_level(logging.WARNING):
        migrate()

    assert "Asia/Kolkata" in time_zones()
    assert "Asia/Tokyo" not in time_zones()
    assert "does not know: Asia/Kolkata;" in caplog.text


def test_a_migration_that_finds_nothing_new_writes_nothing(database: URL) -> None:
    before = rows_with_their_transactions()

    migrate()

    assert rows_with_their_transactions() == before


def rows_with_their_transactions() -> list[tuple[str, str]]:
    with engine().connect() as connection:
        rows = connection.execute(text("select name, xmin::text from time_zones order by name"))
        return [(row.name, row.xmin) for row in rows]
