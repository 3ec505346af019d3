"""SMTP_URL, MAIL_FROM and MAIL_BOUNCES: what they mean, and what is said about a mistake."""

import pytest

from mail.delivery import usual_transport
from mail.folder import FolderTransport
from mail.settings import MailServer, mail_settings
from rules.errors import SetupError

SENDER = "Creator Dashboard <dashboard@example.com>"


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("smtp://mail.example.com", MailServer("mail.example.com", 587, False, "opportunistic")),
        ("smtp://mail.example.com:25?starttls=never", MailServer("mail.example.com", 25, False, "never")),
        (
            "smtp://mira%40example.com:p%3Aw%2F@mail.example.com?timeout=10",
            MailServer("mail.example.com", 587, False, "required", "mira@example.com", "p:w/", 10.0),
        ),
        ("smtps://u:p@mail.example.com", MailServer("mail.example.com", 465, True, "required", "u", "p")),
    ],
)
def test_the_address_of_the_mail_server(address: str, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", address)
    monkeypatch.setenv("MAIL_FROM", SENDER)

    told = mail_settings()

    assert told.server == server
    assert (told.from_name, told.from_address, told.domain) == (
        "Creator Dashboard",
        "dashboard@example.com",
        "example.com",
    )


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SMTP_URL", "mail.example.com", "SMTP_URL is not the address"),
        ("SMTP_URL", "http://mail.example.com", "SMTP_URL is not the address"),
        ("SMTP_URL", "smtp://u:secret@mail.example.com:99999", "The port in SMTP_URL is not a number"),
        ("SMTP_URL", "smtp://u:secret@h.example.com?starttls=maybe", "starttls=maybe"),
        ("SMTP_URL", "smtp://u:secret@h.example.com?timeout=soon", "timeout=soon"),
        ("MAIL_FROM", "dashboard", 'MAIL_FROM is "dashboard"'),
        ("MAIL_FROM", "", "MAIL_FROM is not set"),
        ("MAIL_BOUNCES", "bounces", 'MAIL_BOUNCES is "bounces"'),
    ],
)
def test_a_mistake_is_named_without_the_password(
    variable: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_URL", "smtp://mail.example.com")
    monkeypatch.setenv("MAIL_FROM", SENDER)
    monkeypatch.setenv(variable, value)

    with pytest.raises(SetupError, match=said) as error:
        mail_settings()

    assert "secret" not in str(error.value)


def test_the_password_is_in_no_description_of_the_server() -> None:
    assert "secret" not in repr(MailServer("mail.example.com", 25, False, "never", "u", "secret"))


def test_without_a_mail_server_mails_become_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMTP_URL", raising=False)

    assert isinstance(usual_transport(mail_settings()), FolderTransport)
