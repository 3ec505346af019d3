"""python manage.py creator: adding and listing creators."""

import json

import pytest
from rich.console import Console
from sqlalchemy import text
from typer.testing import CliRunner, Result

from database.accounts import demo_accounts
from database.creators import creators
from database.tenancy import platform_tx
from manage import cli
from tests.builders import a_creator

pytestmark = pytest.mark.usefixtures("database")

LOG = text("select creator_id, user_id, action from audit_log")


def test_a_creator_is_added_and_listed() -> None:
    added = creator("add", "My school", "--timezone", "Europe/Berlin")

    (known,) = creators()
    assert (known.name, known.subscription_tier, known.timezone) == ("My school", "enterprise", "Europe/Berlin")
    assert (known.students, known.is_demo) == (0, False)
    assert str(known.id) in added.stdout
    assert 'user add --email ADDRESS --creator "My school"' in added.stdout  # hosted: a provider lets people in
    assert demo_accounts() == []
    with platform_tx() as connection:
        assert connection.execute(LOG).all() == [(known.id, None, "creator added")]
    assert json.loads(creator("list", "--json").stdout) == json.loads(run("creators", "--json").stdout)
    assert "My school" in creator("list").stdout


def test_on_ones_own_computer_it_can_be_signed_in_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_LOCAL_SIGN_IN", "1")

    added = creator("add", "My school")

    assert 'sign in as "My school"' in added.stdout
    assert [(account.name, account.role) for account in demo_accounts()] == [("My school", "creator")]


def test_names_of_the_demo_say_so_in_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    demo = a_creator(name="Ada [bold]Lindner")
    with platform_tx() as connection:
        connection.execute(text("update creators set is_demo = true where id = :id"), {"id": demo.id})

    monkeypatch.setattr("commands.creators.screen", Console(width=200))
    assert "Ada [bold]Lindner (demo)" in creator("list").stdout
    (told,) = json.loads(creator("list", "--json").stdout)
    assert (told["name"], told["is_demo"]) == ("Ada [bold]Lindner", True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["  "], "Give the school or channel a name first"),
        (["x" * 201], "1 to 200 printable characters"),
        (["bad \u202e name\u200b"], "printable"),
        (["New", "--timezone", "Berlin"], 'no time zone "Berlin"'),
        (["New", "--tier", "gold"], 'The tier is "gold"'),
        (["Nova Reyes"], 'a creator "Nova Reyes" already'),
        (["  nova \t reyes "], 'a creator "nova reyes" already'),
    ],
)
def test_a_mistake_is_one_line_and_adds_nothing(arguments: list[str], said: str) -> None:
    a_creator(name="Nova Reyes")

    refused = creator("add", *arguments)

    assert refused.exit_code == 2
    assert said in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert len(creators()) == 1


def creator(*arguments: str) -> Result:
    return run("creator", *arguments)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))
