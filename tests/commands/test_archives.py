"""python manage.py archive: what is archived, archiving now, and restoring."""

import pytest
from typer.testing import CliRunner, Result

from actions.archives import choose_archiving
from manage import cli
from tests.accounts import a_linked_account
from tests.builders import a_chat, a_creator, a_question, a_student, an_answer

pytestmark = pytest.mark.usefixtures("database")


def test_old_chats_are_archived_listed_and_restored(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))
    ada = a_student(enrolled_days_ago=400)
    creator = a_creator(ada, a_chat(a_question(), an_answer(), student=ada, days_ago=300), name="Mira Vale")
    assert "Nothing" in archive("list", "--creator", "Mira Vale").stdout
    assert "0 rows archived." in archive("run").stdout
    choose_archiving(a_linked_account(creator), creator.id, "chat", True)

    assert "2 rows archived." in archive("run").stdout
    assert "chat: on, 2 rows in 1 file" in archive("list", "--creator", "Mira Vale").stdout
    assert "2 rows restored." in archive("restore", "--creator", "Mira Vale", "--kind", "chat").stdout
    assert "chat: off, 0 rows" in archive("list", "--creator", "Mira Vale").stdout


def test_a_kind_that_is_not_archived_is_one_line() -> None:
    a_creator(name="Mira Vale")

    refused = archive("restore", "--creator", "Mira Vale", "--kind", "videos")

    assert refused.exit_code == 2
    assert '"videos" is nothing that is archived; choose chat or activity.' in refused.output


def archive(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["archive", *arguments])
