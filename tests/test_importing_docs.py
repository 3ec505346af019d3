"""The commands of docs/importing.md do what they say."""

import re
import shlex

import pytest
from typer.testing import CliRunner

from database.settings import PROJECT_DIR
from manage import cli
from tests import oracle
from tests.builders import a_creator

pytestmark = pytest.mark.usefixtures("shared_database")

COMMAND = re.compile(r"^\.venv/bin/python manage\.py (import docs/.*)$", re.MULTILINE)


def test_the_example_of_csv_and_excel(monkeypatch) -> None:
    monkeypatch.chdir(PROJECT_DIR)
    creator = a_creator()
    commands = COMMAND.findall((PROJECT_DIR / "docs" / "importing.md").read_text(encoding="utf-8"))
    assert len(commands) == 2

    students = []
    for command in commands:
        told = CliRunner().invoke(cli, shlex.split(command.replace('"My school"', str(creator.id))))
        assert told.exit_code == 0, told.output
        students.append(len(oracle.rows_of(creator.id, "students")))
    assert students == [0, 2]
