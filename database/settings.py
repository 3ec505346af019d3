"""Settings from the environment: where data is stored, which database, which time."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from database.instants import BETWEEN, is_taken
from rules.errors import SetupError

PROJECT_DIR = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    data_dir: Path
    database_url: str | None
    fixed_now: datetime | None
    public_url: str  # where people reach the dashboard; without a slash at its end
    local_sign_in: bool  # with DATABASE_URL: the sign-in of one's own computer, instead of a provider

    @property
    def mail_dir(self) -> Path:
        """Where emails are written as files if there is no mail server."""
        return self.data_dir / "mail"

    def mail_file(self, message_id: str) -> Path:
        """The file of the email with this Message-ID."""
        return self.mail_dir / f"{message_id.strip('<>').partition('@')[0]}.eml"


def settings() -> Settings:
    """Read the environment again, so that a test or a command may set it at any time.

    Raises SetupError for an invalid value.
    """
    return Settings(
        data_dir=Path(os.environ.get("DASHBOARD_DATA_DIR") or PROJECT_DIR / ".data").expanduser().absolute(),
        database_url=os.environ.get("DATABASE_URL") or None,
        fixed_now=_instant("DASHBOARD_NOW", os.environ.get("DASHBOARD_NOW")),
        public_url=_address("DASHBOARD_URL", os.environ.get("DASHBOARD_URL")),
        local_sign_in=_switch("DASHBOARD_LOCAL_SIGN_IN", os.environ.get("DASHBOARD_LOCAL_SIGN_IN")),
    )


def _instant(name: str, value: str | None) -> datetime | None:
    if not value:
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise SetupError(f'{name} is "{value}"; write an instant such as 2026-03-02T08:00:00Z.') from None
    if not is_taken(instant):
        raise SetupError(f'{name} is "{value}"; write an instant {BETWEEN}.')
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _switch(name: str, value: str | None) -> bool:
    if value not in (None, "", "0", "1"):
        raise SetupError(f'{name} is "{value}"; write 1 to turn it on, or unset it.')
    return value == "1"


def _address(name: str, value: str | None) -> str:
    """Links in mail and files begin with it; on one's own computer, the server's own port is right."""
    if not value:
        return f"http://localhost:{os.environ.get('PORT') or 8501}"
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SetupError(f'{name} is "{value}"; write an address such as https://dashboard.example.org.')
    return value.rstrip("/")
