"""python manage.py imports: what was imported, what was refused, and undoing it."""

import pytest
from rich.console import Console
from sqlalchemy import text
from typer.testing import CliRunner, Result

from database.tenancy import tenant_tx
from manage import cli
from sources.facts import Line, Refusal, Student
from sources.landing import Source, land
from tests.builders import ACreator, a_creator

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def a_wide_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commands.imports.screen", Console(width=200))


ROSTER = Source("csv", file_name="roster.csv", sha256="1f", author_name="Ira Bloom")
LINES = [
    Line(2, (Student("s1", "Ada Moss"),)),
    Line(3, (), (Refusal(3, "email", "nowhere", "It must be an address."),)),
]


def test_imports_are_listed_with_what_was_refused_and_undone() -> None:
    creator = a_creator(name="Mira Vale")
    land(creator.id, ROSTER, LINES)

    listed = imports("list", "--creator", "Mira Vale").stdout
    assert "roster.csv" in listed
    assert "Ira Bloom" in listed
    refused = imports("errors", "1", "--creator", "Mira Vale").stdout
    assert "nowhere" in refused
    assert "It must be an address." in refused
    assert students(creator) == 1

    assert "Import 1 is undone: 1 row." in imports("undo", "1", "--creator", "Mira Vale").stdout
    assert students(creator) == 0
    assert "undone" in imports("list", "--creator", "Mira Vale").stdout


def test_an_import_that_is_not_there_is_one_line() -> None:
    a_creator(name="Mira Vale")

    refused = imports("undo", "7", "--creator", "Mira Vale")

    assert refused.exit_code == 2
    assert "There is no import 7." in refused.output


def students(creator: ACreator) -> int:
    with tenant_tx(creator.id) as connection:
        return int(
            connection.execute(text("select count(*) from students where creator_id = current_creator()")).scalar_one()
        )


def imports(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["imports", *arguments])
