"""python manage.py user: who may sign in."""

import json

import pytest
from typer.testing import CliRunner, Result

from database.account_directory import listed_account
from manage import cli
from tests.builders import a_creator

pytestmark = pytest.mark.usefixtures("database")


def test_an_account_is_added_listed_and_disabled() -> None:
    a_creator(name="Mira Vale")

    added = user("add", "--email", "mira@example.com", "--creator", "Mira Vale")
    listed = json.loads(user("list", "--json").stdout)
    closed = user("disable", "MIRA@example.com")

    assert "mira@example.com can sign in now." in added.stdout
    assert [{key: row[key] for key in ("name", "email", "role", "creator", "state")} for row in listed] == [
        {"name": "mira", "email": "mira@example.com", "role": "creator", "creator": "Mira Vale", "state": "invited"}
    ]
    assert "can no longer sign in" in closed.stdout
    assert listed_account("mira@example.com").state == "disabled"
    assert "disabled" in user("list").stdout


def test_staff_have_no_creator() -> None:
    user("add", "--email", "noor@example.com", "--staff", "--name", "Noor [bold]Haddad")

    known = listed_account("noor@example.com")
    assert (known.name, known.role, known.creator_name) == ("Noor [bold]Haddad", "staff", None)
    assert "[bold]" in user("list").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "--email", "mira@example.com"], "--creator NAME, or --staff"),
        (["add", "--email", "mira@example.com", "--staff", "--creator", "Mira"], "--creator NAME, or --staff"),
        (["add", "--email", "mira@example.com", "--creator", "Nobody"], 'no creator "Nobody"'),
        (["add", "--email", "mira", "--staff"], '"mira" is not an email address'),
        (["disable", "nobody@example.com"], 'no account "nobody@example.com"'),
    ],
)
def test_a_mistake_is_one_line(arguments: list[str], said: str) -> None:
    refused = user(*arguments)

    assert refused.exit_code == 2
    assert said in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def user(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["user", *arguments])
