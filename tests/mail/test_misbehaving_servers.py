"""The ways in which a mail server misbehaves, each with what becomes of the mail; the table of docs/mail.md."""

from dataclasses import replace
from datetime import timedelta

import pytest

from database.clock import now
from database.settings import PROJECT_DIR
from mail import smtp
from mail.delivery import send_due
from mail.settings import MailServer
from mail.smtp import SmtpTransport
from tests.builders import a_creator
from tests.mail_servers import CLOSE, HANG, RESET, a_mail_server, a_misbehaving_server, free_port
from tests.mailing import PLAIN, a_sender, a_server, ask_for_mail, mails, plain_mail, states, suppressions

pytestmark = pytest.mark.usefixtures("database")

RETRY, FINAL, UNKNOWN, FINAL_AND_LISTED = "retry", "final", "unknown", "final, and on the list"

WAYS = [
    ("banner", b"421 too busy\r\n", RETRY),
    ("banner", b"554 go away\r\n", RETRY),
    ("banner", HANG, RETRY),
    ("banner", RESET, RETRY),
    ("banner", b"HTTP/1.1 200 OK\r\n", RETRY),
    ("ehlo", HANG, RETRY),
    ("mail", b"421 closing\r\n", RETRY),
    ("mail", b"451 later\r\n", RETRY),
    ("mail", b"550 sender unknown\r\n", RETRY),
    ("mail", b"530 sign in first\r\n", RETRY),
    ("rcpt", b"421 closing\r\n", RETRY),
    ("rcpt", b"450 mailbox busy\r\n", RETRY),
    ("rcpt", b"451 greylisted\r\n", RETRY),
    ("rcpt", b"452 too many\r\n", RETRY),
    ("rcpt", b"550 no such user\r\n", FINAL_AND_LISTED),
    ("rcpt", b"550 5.1.1 no such user\r\n", FINAL_AND_LISTED),
    ("rcpt", b"550 5.7.1 relaying denied\r\n", FINAL),
    ("rcpt", b"552 5.2.2 mailbox full\r\n", FINAL),
    ("rcpt", b"554 refused\r\n", FINAL),
    ("rcpt", HANG, RETRY),
    ("rcpt", RESET, RETRY),
    ("rcpt", b"nonsense \xff\x00\r\n", RETRY),
    ("rcpt", b"250 fine\r\n250 fine\r\n", RETRY),
    ("data", b"451 later\r\n", RETRY),
    ("data", b"554 no valid recipients\r\n", FINAL),
    ("data", HANG, RETRY),
    ("content", RESET, RETRY),
    ("content", CLOSE, RETRY),
    ("end", b"421 closing\r\n", RETRY),
    ("end", b"451 local error\r\n", RETRY),
    ("end", b"452 disk full\r\n", RETRY),
    ("end", b"552 too large\r\n", FINAL),
    ("end", b"554 looks like spam\r\n", FINAL),
    ("end", HANG, UNKNOWN),
    ("end", RESET, UNKNOWN),
    ("end", CLOSE, UNKNOWN),
    ("end", b"nonsense\r\n", UNKNOWN),
    ("end", b"250", UNKNOWN),
    ("end", b"250 fine\r\n" * 2, UNKNOWN),
    ("end", b"250- and so on\r\n" * 101, UNKNOWN),
    ("end", b"354 go on\r\n", UNKNOWN),
]
LONG = replace(PLAIN, write=lambda *about: replace(plain_mail(*about), text="Many words.\n" * 150_000))
STATES = {RETRY: "pending", FINAL: "failed", FINAL_AND_LISTED: "failed", UNKNOWN: "unknown"}


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "TO_TAKE_THE_MAIL_FACTOR", 1)


@pytest.mark.parametrize(("stage", "action", "becomes"), WAYS, ids=str)
def test_each_way_ends_as_documented_and_other_creators_mail_moves_on(
    stage: str, action: str | bytes, becomes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlucky, other = a_creator(name="First"), a_creator(name="Second")
    ask_for_mail(unlucky, due_at=now() - timedelta(minutes=1))
    ask_for_mail(other)

    with a_misbehaving_server(stage, action) as server:
        kind = LONG if stage == "content" else PLAIN
        sender = a_sender(SmtpTransport(a_server(server.port, reply_seconds=0.3), "example.com"), kind)
        send_due(sender)
        first = mails(unlucky)[0]
        later(monkeypatch, seconds=59)
        send_due(sender)
        before_its_time = states(unlucky)
        later(monkeypatch, seconds=61)
        send_due(sender)
        sender.transport.close()

    assert first["state"] == STATES[becomes]
    assert first["reason"]
    assert before_its_time == [first["state"]]
    assert states(other) == ["sent"]
    assert states(unlucky) == (["sent"] if becomes == RETRY else [first["state"]])
    assert len(server.taken) == (2 if becomes == RETRY else 1)
    assert suppressions(unlucky) == ([("ada@example.org", "every", "bounced")] if becomes == FINAL_AND_LISTED else [])


def test_the_table_of_the_documentation_is_this_one() -> None:
    table = (PROJECT_DIR / "docs" / "mail.md").read_text(encoding="utf-8")

    for stage, action, becomes in WAYS:
        named = action.split()[0].decode("ascii", "replace") if isinstance(action, bytes) else action
        assert any(
            f"| {stage} " in line and f"`{named}`" in line and f"| {becomes} |" in line for line in table.splitlines()
        ), (stage, named, becomes)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # of the test's own server
def test_a_password_that_is_refused_holds_all_mail_and_loses_none() -> None:
    creator = a_creator()
    ask_for_mail(creator, "a@example.org")
    ask_for_mail(creator, "b@example.org")

    def refuse(server, session, envelope, mechanism, data):
        from aiosmtpd.smtp import AuthResult

        return AuthResult(success=False, handled=False)

    with a_mail_server(authenticator=refuse, auth_require_tls=False, auth_required=True) as server:
        send_due(a_sender(SmtpTransport(with_password(server.port, "never"), "example.com")))

    assert sorted(row["attempts"] for row in mails(creator)) == [0, 1]
    assert states(creator) == ["pending", "pending"]
    tried = next(row for row in mails(creator) if row["attempts"])
    assert tried["reason"] == "The mail server refused the user and password in SMTP_URL."
    assert tried["smtp_reply"].startswith("535")


def test_a_password_never_crosses_the_network_as_it_stands() -> None:
    creator = a_creator()
    ask_for_mail(creator)

    with a_mail_server() as server:
        send_due(a_sender(SmtpTransport(with_password(server.port, "required"), "example.com")))

    assert mails(creator)[0]["reason"] == "The mail server offers no encryption or no way to sign in."
    assert server.taken == []


def test_a_server_that_is_not_there_holds_the_mail() -> None:
    creator = a_creator()
    ask_for_mail(creator)

    send_due(a_sender(free_port()))

    assert states(creator) == ["pending"]
    assert mails(creator)[0]["reason"] == "The mail server cannot be reached (refused)."


def test_after_eight_attempts_it_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    creator = a_creator()
    ask_for_mail(creator)

    for hours in range(8):
        later(monkeypatch, seconds=hours * 13 * 3600)
        send_due(a_sender(free_port()))

    assert states(creator) == ["failed"]
    assert mails(creator)[0]["reason"].startswith("Given up after 8 attempts.")


def test_a_dripping_server_does_not_hold_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    creator = a_creator()
    ask_for_mail(creator)

    with a_misbehaving_server("banner", b"220-drip\r\n") as server:
        sender = a_sender(SmtpTransport(a_server(server.port, reply_seconds=0.2), "example.com"))
        send_due(sender)

    assert mails(creator)[0]["reason"] == "The mail server cannot be reached (no reply in time)."


def with_password(port: int, starttls: str) -> MailServer:
    return a_server(port, starttls=starttls, user="mira", password="secret")


def later(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Seconds after the fixed time of the tests."""
    from tests.rows import NOW

    monkeypatch.setenv("DASHBOARD_NOW", (NOW + timedelta(seconds=seconds)).isoformat())
