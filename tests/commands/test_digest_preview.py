"""python manage.py digest preview."""

from email import message_from_string

import pytest
from typer.testing import CliRunner

from manage import cli
from tests.builders import a_creator
from tests.mail.digest.a_week import a_busy_creator
from tests.mailing import mails

pytestmark = pytest.mark.usefixtures("database")


def test_each_form_shows_the_same_week_and_sends_nothing():
    creator = a_busy_creator(name="Mira Vale")

    as_text, as_html, as_eml = (preview("--format", form) for form in ("text", "html", "eml"))

    assert as_text.startswith("Subject: 23 February to 1 March 2026: 12 active students")
    assert as_html.startswith("<!DOCTYPE html>")
    assert "data:image/png;base64," in as_html
    assert "cid:" not in as_html
    assert message_from_string(as_eml)["List-Id"] == "Weekly digest <digest.example.org>"
    assert mails(creator) == []


def test_nothing_to_say_is_said():
    a_creator(name="Mira Vale")

    answer = run("--week", "2026-W09")

    assert answer.exit_code == 0
    assert "No digest would be sent: No student is enrolled." in answer.stderr


@pytest.mark.parametrize(
    ("week", "said"),
    [
        ("2026-W10", "is not over yet"),
        ("last", '"last" is not a week'),
        ("2026-W99", "is not a week"),
        ("0001-W01", "is too far away"),
        ("1970-W01", "is too far away"),
    ],
)
def test_a_week_that_cannot_be_told_is_refused_in_one_line(week, said):
    a_creator(name="Mira Vale")

    answer = run("--week", week)

    assert answer.exit_code == 2
    assert said in answer.stderr


def preview(*options: str) -> str:
    answer = run("--week", "2026-W09", *options)
    assert answer.exit_code == 0, answer.stderr
    return answer.stdout


def run(*options: str):
    return CliRunner().invoke(cli, ["digest", "preview", "--creator", "Mira Vale", *options])
