"""python manage.py digest send: what is due, or one week's digest."""

from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from database.account_directory import invite
from mail import delivery
from manage import cli
from tests.builders import a_creator
from tests.mailing import PLAIN, ask_for_mail, mails, states

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where email goes without a mail server; the digest is a plain email."""
    kinds = {name: replace(PLAIN, name=name) for name in ("digest", "plain")}
    monkeypatch.setattr(delivery, "all_kinds", lambda: kinds)
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))
    return tmp_path / "mail"


def test_one_weeks_digest_is_sent_once(folder: Path) -> None:
    creator = a_creator(name="Mira Vale")
    invite("mira@example.com", "Mira Vale", creator.id)

    first = digest("send", "--creator", "Mira Vale", "--week", "2026-W09")
    second = digest("send", "--creator", "Mira Vale", "--week", "2026-W09")

    assert "1 sent" in first.stdout
    assert "1 had been asked for before" in second.stdout
    (path,) = folder.iterdir()
    assert message_from_bytes(path.read_bytes())["To"] == "mira@example.com"
    assert [str(mail["period_start"]) for mail in mails(creator)] == ["2026-02-23"]


def test_what_is_due_is_sent(folder: Path) -> None:
    creator = a_creator()
    ask_for_mail(creator)

    told = digest("send", "--due")

    assert "1 sent" in told.stdout
    assert states(creator) == ["sent"]
    assert "No mail is due." in digest("send", "--due").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Say what to send"),
        (["--due", "--creator", "Mira", "--week", "2026-W09"], "Say what to send"),
        (["--creator", "Mira"], "Say what to send"),
        (["--creator", "Mira", "--week", "2026-40"], "write the year and the ISO week"),
        (["--creator", "Mira", "--week", "2026-W54"], "write the year and the ISO week"),
        (["--creator", "Nobody", "--week", "2026-W09"], 'There is no creator "Nobody"'),
        (["--creator", "Mira", "--week", "2026-W09"], "has an email address"),
    ],
)
def test_a_mistake_is_one_line(arguments: list[str], said: str) -> None:
    a_creator(name="Mira")

    refused = digest("send", *arguments)

    assert refused.exit_code == 2
    assert said in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def digest(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["digest", *arguments])
