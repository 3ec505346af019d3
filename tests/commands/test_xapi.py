"""python manage.py xapi: what arrived, understanding it, and people who may be one."""

import pytest
from rich.console import Console
from sqlalchemy import text
from typer.testing import CliRunner, Result

from database.tenancy import tenant_tx
from manage import cli
from tests.builders import a_creator
from tests.xapi import HOME_PAGE, a_statement, an_agent, of_player, stored

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def a_wide_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commands.xapi.screen", Console(width=200))


def test_what_arrived_is_counted_understood_and_understood_again() -> None:
    creator = a_creator(name="Mira Vale")
    stored(creator.id, of_player(segments="0[.]30"), a_statement())

    before = xapi("status", "--creator", "Mira Vale").stdout
    assert "paused" in before
    assert "Waiting: 2 groups." in before
    assert "Understood 2 groups of statements." in xapi("understand", "--creator", "Mira Vale").stdout
    assert "Waiting: 0 groups." in xapi("status", "--creator", "Mira Vale").stdout
    with tenant_tx(creator.id) as connection:
        assert connection.execute(text("select count(*) from watch_segments")).scalar_one() == 1
    assert "Understood 2 groups of statements." in xapi("understand", "--again", "--creator", "Mira Vale").stdout


def test_people_who_may_be_one_are_listed_and_nobody_is_merged() -> None:
    creator = a_creator(name="Mira Vale")
    ada = {"mbox": "mailto:ada@example.org", "name": "Ada Moss"}
    named = an_agent("ada@example.org", name="Ada Moss")
    stored(creator.id, of_player() | {"actor": ada}, of_player() | {"actor": named})
    xapi("understand", "--creator", "Mira Vale")

    listed = xapi("people", "--creator", "Mira Vale").stdout

    assert "Ada Moss" in listed
    with tenant_tx(creator.id) as connection:
        assert connection.execute(text("select count(*) from students")).scalar_one() == 2


def test_a_home_page_is_taken_and_one_that_is_none_is_one_line() -> None:
    a_creator(name="Mira Vale")

    assert "Saved." in xapi("home-page", HOME_PAGE, "--creator", "Mira Vale").stdout
    refused = xapi("home-page", "school", "--creator", "Mira Vale")

    assert refused.exit_code == 2
    assert 'The home page is "school"' in refused.output


def test_old_statements_are_forgotten() -> None:
    creator = a_creator(name="Mira Vale")
    stored(creator.id, a_statement())

    assert "Removed 0 statements." in xapi("forget", "--creator", "Mira Vale").stdout


def xapi(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["xapi", *arguments])
