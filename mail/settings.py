"""The settings SMTP_URL, MAIL_FROM and MAIL_BOUNCES."""

import os
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from database.mail_addresses import is_mailable
from mail.message import one_line
from rules.errors import SetupError

StartTls = Literal["required", "opportunistic", "never"]
STARTTLS: dict[str, StartTls] = {"required": "required", "opportunistic": "opportunistic", "never": "never"}

DEFAULT_PORTS = {"smtp": 587, "smtps": 465}
REPLY_SECONDS = 30.0
EXAMPLE = "smtp://user:password@mail.example.com:587?starttls=required"
NOBODY = "dashboard@localhost.invalid"  # the sender in files, which are never sent


@dataclass(frozen=True)
class MailServer:
    """`starttls` is for smtp://; smtps:// is encrypted from the first byte."""

    host: str
    port: int
    is_encrypted_at_once: bool
    starttls: StartTls
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    reply_seconds: float = REPLY_SECONDS


@dataclass(frozen=True)
class MailSettings:
    """Without a server, emails become files. Bounces return to `bounce_address` with a signed tag, if it is set."""

    server: MailServer | None
    from_name: str
    from_address: str
    bounce_address: str | None

    @property
    def domain(self) -> str:
        return self.from_address.rpartition("@")[2]


def mail_settings() -> MailSettings:
    """Read the environment. Raises SetupError for an invalid value, without quoting the password."""
    address = os.environ.get("SMTP_URL")
    server = _server(address) if address else None
    name, sender = _sender(os.environ.get("MAIL_FROM"), server is not None)
    return MailSettings(server, name, sender, _bounce_address(os.environ.get("MAIL_BOUNCES")))


def _server(address: str) -> MailServer:
    parts = urlsplit(address)
    options = dict(parse_qsl(parts.query))
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.path not in ("", "/"):
        raise SetupError(f"SMTP_URL is not the address of a mail server; write {EXAMPLE}, or smtps://… for port 465.")
    return MailServer(
        host=parts.hostname,
        port=_port(parts),
        is_encrypted_at_once=parts.scheme == "smtps",
        starttls=_starttls(options.get("starttls"), parts),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        reply_seconds=_seconds(options.get("timeout")),
    )


def _port(parts: SplitResult) -> int:
    try:
        return parts.port or DEFAULT_PORTS[parts.scheme]
    except ValueError:
        raise SetupError(f"The port in SMTP_URL is not a number up to 65535; write {EXAMPLE}.") from None


def _starttls(given: str | None, parts: SplitResult) -> StartTls:
    """The given value; otherwise required with a password, which must not be sent unencrypted."""
    if given is None:
        return "required" if parts.username else "opportunistic"
    if given not in STARTTLS:
        raise SetupError(f"SMTP_URL has starttls={given}; choose {', '.join(STARTTLS)}.")
    return STARTTLS[given]


def _seconds(given: str | None) -> float:
    try:
        seconds = float(given or REPLY_SECONDS)
    except ValueError:
        seconds = 0
    if not 1 <= seconds <= 120:
        raise SetupError(f"SMTP_URL has timeout={given}; write a number of seconds from 1 to 120.")
    return seconds


def _sender(given: str | None, is_needed: bool) -> tuple[str, str]:
    if not given and is_needed:
        raise SetupError("MAIL_FROM is not set; write the address that mail comes from, such as dashboard@example.com.")
    name, address = parseaddr(given or NOBODY)
    if not is_mailable(address):
        raise SetupError(
            f'MAIL_FROM is "{given}"; write Creator Dashboard <dashboard@example.com>, or the address alone.'
        )
    return one_line(name) or "Creator Dashboard", address


def _bounce_address(given: str | None) -> str | None:
    if given and not is_mailable(given):
        raise SetupError(f'MAIL_BOUNCES is "{given}"; write an address such as bounces@example.com.')
    return given or None
