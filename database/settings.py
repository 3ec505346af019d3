"""What the environment says: where data lies, which database, which time it is."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from database.errors import SetupError

PROJECT_DIR = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    data_dir: Path
    database_url: str | None
    fixed_now: datetime | None


def settings() -> Settings:
    """Read the environment anew, so that a test or a command may set it at any time.

    Raises SetupError for a value that cannot be used.
    """
    return Settings(
        data_dir=Path(os.environ.get("DASHBOARD_DATA_DIR") or PROJECT_DIR / ".data").expanduser().absolute(),
        database_url=os.environ.get("DATABASE_URL") or None,
        fixed_now=_instant("DASHBOARD_NOW", os.environ.get("DASHBOARD_NOW")),
    )


def _instant(name: str, value: str | None) -> datetime | None:
    if not value:
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise SetupError(f'{name} is "{value}"; write an instant such as 2026-03-02T08:00:00Z.') from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
